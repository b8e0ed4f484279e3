import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Terminal } from "../terminal.ts";

/** Writes a result to standard output as it comes or, whole or not at all, to a file. */
export async function writeResult(chunks: AsyncIterable<Uint8Array>, { out, terminal }: { out: string | undefined; terminal: Terminal }): Promise<void> {
  if (out === undefined) {
    for await (const chunk of chunks) await terminal.write(chunk);
    return;
  }
  const part = `${out}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(part));
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
