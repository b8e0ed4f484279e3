import { isId, type JobId } from "#lib/domain/ids.ts";
import { EXIT } from "../exit-codes.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { exitCodeOf, watch } from "../job/follow-job.ts";
import { readOptions } from "../read-options.ts";
import { type Command, UsageError } from "../terminal.ts";

/** Follows a job until every shard is decided: 0 when all were accepted, 3 otherwise. */
export const watchJob: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, final: { type: "boolean" }, json: { type: "boolean" } } as const;
  const { values, named } = readOptions(args, options, ["JOB"]);
  const jobId = readJobId(named[0]);
  const job = (await connectOwner(values, terminal)).job(jobId);
  const only = values.final ? ("final" as const) : undefined;
  const last = await watch(job, { terminal, isJson: values.json === true, signal: terminal.interrupt, only });
  if (values.json) terminal.print(JSON.stringify(last));
  return values.json ? (last.acceptedCount === last.shardCount ? EXIT.done : EXIT.incomplete) : exitCodeOf(last, terminal);
};

/** The id of a job as it was typed. */
export function readJobId(text: string | undefined): JobId {
  if (text === undefined || !isId("job", text)) throw new UsageError(`“${text}” is not the id of a job; one looks like job_ and 32 hexadecimal digits.`);
  return text;
}
