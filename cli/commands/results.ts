import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Job } from "#sdk/job.ts";
import { EXIT } from "../exit-codes.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { writeResult } from "../job/result-sink.ts";
import { readOptions } from "../read-options.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";
import { readJobId } from "./watch.ts";

const READ_OPTIONS = { out: { type: "string" }, final: { type: "boolean" }, outputs: { type: "boolean" } } as const;
const DELETE_OPTIONS = { delete: { type: "boolean" }, yes: { type: "boolean" }, json: { type: "boolean" } } as const;

/** Writes what a job has computed so far to standard output or, whole or not at all, to a file; with `--delete` it deletes that for good instead. */
export const resultsCommand: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, { ...OWNER_OPTIONS, ...READ_OPTIONS, ...DELETE_OPTIONS }, ["JOB"]);
  const jobId = readJobId(named[0]);
  const astray = Object.keys(values.delete ? READ_OPTIONS : DELETE_OPTIONS).find((name) => Object.hasOwn(values, name));
  if (astray) throw new UsageError(values.delete ? `--${astray} does not go with --delete.` : `--${astray} goes with --delete only.`);
  const job = (await connectOwner(values, terminal)).job(jobId);
  if (values.delete) return await deleteResults(job, { isSure: values.yes === true, isJson: values.json === true, terminal });
  const { body, shards } = await job.download({
    signal: terminal.interrupt,
    only: values.final ? "final" : undefined,
    as: values.outputs ? "outputs" : undefined,
  });
  await writeResult(body, { out: values.out, terminal });
  if (shards) terminal.tell(`This result holds ${shards.held} of ${shards.total} shards.`);
  return EXIT.done;
};

/** Deletes for good, once whoever types says yes to the job by its name; a script says so with `--yes`. */
async function deleteResults(job: Job, { isSure, isJson, terminal }: { isSure: boolean; isJson: boolean; terminal: Terminal }): Promise<number> {
  const signal = terminal.interrupt;
  if (!isSure && !(await isConfirmed(await job.view({ signal }), terminal))) {
    terminal.tell("Nothing was deleted.");
    return EXIT.failed;
  }
  const view = await job.discardResults({ signal });
  if (isJson) terminal.print(JSON.stringify(view));
  else terminal.tell(`The results of “${view.name}” are deleted. Digests, verdicts, figures and books stay.`);
  return EXIT.done;
}

async function isConfirmed({ name, acceptedCount, shardCount }: JobView, { ask, interrupt }: Terminal): Promise<boolean> {
  if (!ask) throw new UsageError("--delete cannot be undone and nobody is here to be asked: add --yes.");
  const answer = await ask(`Delete the results of “${name}”, ${acceptedCount} of ${shardCount} shards? They cannot be brought back. [y/N] `);
  interrupt.throwIfAborted();
  return /^y(es)?$/i.test(answer.trim());
}
