import { spawn } from "node:child_process";
import { resolve } from "node:path";

const MIGRATE = resolve(import.meta.dirname, "..", "migrate.ts");

/** Brings a database to the newest schema, in a process of its own; fails with what that printed. */
export async function migrateDatabase(url: string): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=react-server", MIGRATE], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(output.trim());
}
