import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { inspectProgram } from "#lib/domain/program/inspect-program.ts";
import { createJoiner } from "#lib/domain/reduce/join-outputs.ts";
import { placeholdersOf } from "#lib/domain/slicing/shard-values.ts";
import { initSha256 } from "#lib/hash/sha256.ts";
import type { JobFile } from "#lib/protocol/jobs/job-json.ts";
import { refuseArguments, refuseProgram } from "#lib/protocol/jobs/refuse-program.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import { composeRun } from "#workers/volunteer/running/shard-work.ts";
import { EXIT } from "../exit-codes.ts";
import { createProgressView, type Pace } from "../job/progress.ts";
import type { LocalJob } from "../job/read-job-file.ts";
import { writeResult } from "../job/result-sink.ts";
import { type Terminal, UsageError } from "../terminal.ts";
import { cutInput } from "./cut-input.ts";
import { LocalExecutor } from "./local-executors.ts";
import { LocalReducer } from "./local-reducer.ts";
import { runInOrder } from "./run-in-order.ts";

const LOCAL_JOB = `job_${"0".repeat(32)}` as const;
const TOLD_FAILURES_MAX = 5;

type Options = { terminal: Terminal; out: string | undefined; isJson: boolean; cores: number | undefined };

/**
 * Runs a job on this machine's cores without an instance: cut, run and joined by the same functions, so that the result is the same to the byte. Each
 * shard runs once. Refuses program, arguments and input as an instance does. 0 when every shard gave an output, 3 otherwise.
 */
export async function runLocally(local: LocalJob, { terminal, out, isJson, cores = availableParallelism() }: Options): Promise<number> {
  const { job } = local;
  if (job.program.runtime !== "wasi") throw new UsageError("A WGSL kernel needs a browser's GPU: leave out --local, or open its job in a tab.");
  if (job.reducer.kind === "mosaic") throw new UsageError("A mosaic is put together by an instance: leave out --local, or give --reduce concat for the tiles.");
  // V8 stays in its baseline compiler until a call returns, up to 14 times slower; a process that only computes had better compile well at once.
  setFlagsFromString("--no-liftoff");
  const prepare = await prepareOf(local);
  refuseArguments(job.program.args, placeholdersOf(job.slicing), "program");
  const cut = await cutInput(local, terminal.interrupt);
  const signal = terminal.interrupt;
  const counts = { accepted: 0, failed: 0 };
  const view = createProgressView(terminal, { isJson });
  const startedAt = performance.now();
  const show = (state: Pace["state"]) => view.show(paceOf({ job, counts, total: cut.shardCount, cores, startedAt, state }));
  const timer = setInterval(() => show("running"), terminal.isInteractive ? 500 : 10_000);
  show("running");
  const executors = Array.from({ length: Math.min(cores, cut.shardCount) }, () => new LocalExecutor(prepare));
  const stop = () => void Promise.all(executors.map((executor) => executor.close()));
  signal.addEventListener("abort", stop, { once: true });
  async function* outputs(): AsyncGenerator<Uint8Array> {
    const joiner = (await openReducer(local, prepare)) ?? createJoiner(job.reducer, job.output.format);
    const terms = { jobId: LOCAL_JOB, args: job.program.args, slicing: job.slicing, seed: job.seed, limits: job.limits };
    const run = async (no: number, executor: LocalExecutor) => {
      const { stdin, file } = await cut.read(no);
      return await executor.run(composeRun({ ...terms, file }, no, stdin), job.limits.timeMsMax);
    };
    for await (const [no, outcome] of runInOrder(cut.shardCount, { executors, run, signal })) {
      if (outcome.status === "ok") {
        counts.accepted += 1;
        yield* await joiner.add(no, outcome.output);
      } else {
        counts.failed += 1;
        if (counts.failed <= TOLD_FAILURES_MAX) terminal.tell(`Shard ${no} ended with ${describeEnd(outcome)}`);
      }
    }
    yield* await joiner.end();
  }
  try {
    await writeResult(outputs(), { out, terminal });
    show("final");
  } finally {
    clearInterval(timer);
    view.end();
    signal.removeEventListener("abort", stop);
    await Promise.all(executors.map((executor) => executor.close()));
  }
  return counts.failed === 0 ? EXIT.done : EXIT.incomplete;
}

function describeEnd(outcome: { status: string; stderr: string; exitCode?: number; trap?: string; message?: string }): string {
  const detail = outcome.exitCode ?? outcome.trap ?? outcome.message ?? "";
  return [`${outcome.status} ${detail}`.trim(), outcome.stderr.trim()].filter((part) => part !== "").join(": ");
}

/** The owner's reducer with the job's files beside it; null where another makes the result. */
async function openReducer({ job, folder }: LocalJob, prepare: PrepareRequest): Promise<LocalReducer | null> {
  const { reducer, seed, output } = job;
  if (reducer.kind !== "wasi") return null;
  refuseArguments(reducer.args, [], "reducer");
  const program = await readRef(folder, reducer.artifact, "reducer.artifact");
  refuseProgram((await inspectProgram(program, prepare.memoryBytesMax)).problems, "reducer: ");
  await initSha256();
  return new LocalReducer({ prepare: { ...prepare, program, programSha256: digest(program) }, args: reducer.args, seed, format: output.format });
}

async function readRef(folder: string, ref: JobFile["program"]["artifact"], field: string): Promise<Uint8Array> {
  if (!("path" in ref)) throw new UsageError(`${field} names bytes of an instance; with --local it has to be a file of this machine.`);
  return new Uint8Array(await readFile(resolve(folder, ref.path)));
}

async function prepareOf({ job, folder }: LocalJob): Promise<PrepareRequest> {
  const program = await readRef(folder, job.program.artifact, "program.artifact");
  refuseProgram((await inspectProgram(program, job.limits.memoryBytesMax)).problems);
  const files = await Promise.all(
    job.files.map(async ({ name, artifact }) => {
      const bytes = await readRef(folder, artifact, `files.${name}`);
      return { name, bytes, sha256: digest(bytes) };
    }),
  );
  return { jobId: LOCAL_JOB, program, programSha256: digest(program), memoryBytesMax: job.limits.memoryBytesMax, files };
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

type Run = { job: JobFile; counts: { accepted: number; failed: number }; total: number; cores: number; startedAt: number; state: Pace["state"] };

function paceOf({ job, counts, total, cores, startedAt, state }: Run): Pace {
  const done = counts.accepted + counts.failed;
  const shardsPerSecond = (1000 * done) / Math.max(1, performance.now() - startedAt);
  const secondsLeft = done === 0 ? null : (total - done) / shardsPerSecond;
  return { ...counts, name: job.name, state, reason: null, total, shardsPerSecond, secondsLeft, by: `${cores} ${cores === 1 ? "core" : "cores"}` };
}
