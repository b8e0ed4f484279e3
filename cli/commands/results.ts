import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { writeResult } from "../job/result-sink.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";
import { readJobId } from "./watch.ts";

/** Writes what a job has computed so far to standard output or, whole or not at all, to a file. */
export const downloadResults: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, out: { type: "string" }, final: { type: "boolean" }, outputs: { type: "boolean" } } as const;
  const { values, named } = readOptions(args, options, ["JOB"]);
  const jobId = readJobId(named[0]);
  const job = (await connectOwner(values, terminal)).job(jobId);
  const { body, shards } = await job.download({
    signal: terminal.interrupt,
    only: values.final ? "final" : undefined,
    as: values.outputs ? "outputs" : undefined,
  });
  await writeResult(body, { out: values.out, terminal });
  if (shards) terminal.tell(`This result holds ${shards.held} of ${shards.total} shards.`);
  return 0;
};
