import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { JOB_OPTIONS, readRun } from "../job/run-options.ts";
import { submit } from "../job/submit.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";

/** Submits a job and prints its id, without waiting for it. */
export const submitJob: Command = async (args, terminal) => {
  const at = args.indexOf("--");
  const options = { ...OWNER_OPTIONS, ...JOB_OPTIONS, "idempotency-key": { type: "string" }, json: { type: "boolean" } } as const;
  const { values, named } = readOptions(at < 0 ? args : args.slice(0, at), options, ["FILE.json or PROGRAM"]);
  const local = await readRun(named[0] ?? "", { values, args: at < 0 ? [] : args.slice(at + 1), terminal });
  const job = await submit(await connectOwner(values, terminal), local, { terminal, idempotencyKey: values["idempotency-key"] });
  terminal.print(values.json ? JSON.stringify(await job.view({ signal: terminal.interrupt })) : job.id);
  return 0;
};
