import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Terminal, UsageError } from "./terminal.ts";

/** Keys of this person by the origin of their instance. */
type Credentials = Record<string, { key: string }>;

const fileOf = ({ env }: Terminal): string => join(env.HOME ?? homedir(), ".shoal", "credentials.json");

/** The key that `shoal login` kept for an instance, or null. */
export async function findCredential(terminal: Terminal, server: string): Promise<string | null> {
  return (await load(terminal))[server]?.key ?? null;
}

async function load(terminal: Terminal): Promise<Credentials> {
  const file = fileOf(terminal);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return JSON.parse(text) as Credentials;
  } catch {
    throw new UsageError(`${file} cannot be read. Move it away and run “shoal login”.`);
  }
}
