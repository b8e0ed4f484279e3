import { createWriteStream, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Terminal, UsageError } from "../terminal.ts";

/** Writes standard input to a file that goes with the process, because an input is read twice: for its digest and to be sent. */
export async function spoolInput(terminal: Terminal): Promise<string> {
  if (terminal.stdin === null) throw new UsageError("The input is missing: name a file with --input FILE, or pipe it in.");
  const folder = await mkdtemp(join(tmpdir(), "shoal-input-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "stdin");
  await pipeline(terminal.stdin, createWriteStream(path, { mode: 0o600 }), { signal: terminal.interrupt });
  return path;
}
