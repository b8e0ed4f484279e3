import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { followJob } from "../job/follow-job.ts";
import type { LocalJob } from "../job/read-job-file.ts";
import { JOB_OPTIONS, readRun } from "../job/run-options.ts";
import { submit } from "../job/submit.ts";
import { runLocally } from "../local/run-locally.ts";
import { readNumber, readOptions } from "../read-options.ts";
import type { Command, Terminal } from "../terminal.ts";
import { readJobId } from "./watch.ts";

const CORES_BOUNDS = { min: 1, max: 1024 };
const OPTIONS = {
  ...OWNER_OPTIONS,
  ...JOB_OPTIONS,
  out: { type: "string" },
  local: { type: "boolean" },
  cores: { type: "string" },
  final: { type: "boolean" },
  resume: { type: "string" },
  "idempotency-key": { type: "string" },
  json: { type: "boolean" },
} as const;

/** Submits a job and writes its result, or runs it on this machine. Ctrl-C leaves the job running and says how to come back to it. */
export const runJob: Command = async (args, terminal) => {
  const at = args.indexOf("--");
  const own = at < 0 ? args : args.slice(0, at);
  const rest = at < 0 ? [] : args.slice(at + 1);
  const { values, named } = readOptions(own, OPTIONS, own.some((arg) => arg.startsWith("--resume")) ? [] : ["PROGRAM or FILE.json"]);
  const { out, json: isJson = false } = values;
  const only = values.final ? ("final" as const) : undefined;
  if (values.resume !== undefined) {
    const jobId = readJobId(values.resume);
    const job = (await connectOwner(values, terminal)).job(jobId);
    const { format, reducer } = await job.view({ signal: terminal.interrupt });
    return await followOrLeave({ id: job.id, terminal }, () => followJob(job, { format, reducer }, { terminal, out, isJson, only }));
  }
  const local = await readRun(named[0] ?? "", { values, args: rest, terminal });
  if (values.local) return await runLocally(local, { terminal, out, isJson, cores: readNumber("cores", values.cores, CORES_BOUNDS) });
  const job = await submit(await connectOwner(values, terminal), local, { terminal, idempotencyKey: values["idempotency-key"] });
  if (isJson) terminal.tell(JSON.stringify({ job: job.id }));
  else terminal.tell(`Submitted ${job.id}.`);
  return await followOrLeave({ id: job.id, terminal }, () => followJob(job, reducedOf(local), { terminal, out, isJson, only }));
};

function reducedOf({ job }: LocalJob) {
  return { format: job.output.format, reducer: job.reducer.kind };
}

async function followOrLeave({ id, terminal }: { id: string; terminal: Terminal }, follow: () => Promise<number>): Promise<number> {
  try {
    return await follow();
  } catch (error) {
    if (terminal.interrupt.aborted) terminal.tell(`The job goes on. Come back with “shoal run --resume ${id}”, or end it with “shoal cancel ${id}”.`);
    throw error;
  }
}
