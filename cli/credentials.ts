import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
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

/** The instances for which a key is kept. */
export async function listCredentials(terminal: Terminal): Promise<{ server: string; key: string }[]> {
  return Object.entries(await load(terminal)).map(([server, { key }]) => ({ server, key }));
}

/** Keeps a key for an instance, or forgets it with null. Only its owner can read the file; a crash leaves the old one or the new one. */
export async function saveCredential(terminal: Terminal, server: string, key: string | null): Promise<void> {
  const file = fileOf(terminal);
  const { [server]: _old, ...others } = await load(terminal);
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(key === null ? others : { ...others, [server]: { key } }, null, 2)}\n`, { mode: 0o600 });
  await chmod(part, 0o600);
  await rename(part, file);
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
