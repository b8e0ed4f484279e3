import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { getResults } from "#lib/protocol/jobs/jobs.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";
import { readJobId } from "./watch.ts";

/** Writes what a job has computed so far to standard output or, whole or not at all, to a file. */
export const downloadResults: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, { ...OWNER_OPTIONS, out: { type: "string" } }, ["JOB"]);
  const jobId = readJobId(named[0]);
  const response = await connectOwner(values, terminal).open(getResults, { jobId }, { signal: terminal.interrupt });
  const body = Readable.fromWeb((response.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>);
  if (values.out === undefined) for await (const chunk of body) await terminal.write(chunk as Uint8Array);
  else await writeWhole(values.out, body);
  const shards = response.headers.get("x-shoal-shards");
  if (shards !== null) terminal.tell(`This result holds ${shards.replace("/", " of ")} shards.`);
  return 0;
};

async function writeWhole(file: string, body: Readable): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(body, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
