import { type Difference, describeDifference } from "#lib/domain/compare/describe-difference.ts";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";
import { composeRun } from "#workers/volunteer/running/shard-work.ts";
import type { JobForm } from "../queries/submission/job-form.ts";
import { readStdin } from "./read-stdin.ts";
import { TrialExecutor } from "./trial-executor.ts";
import type { TrialOutcome, TrialShard } from "./trial-outcome.ts";
import { trialTerms } from "./trial-terms.ts";

export type Trial = {
  spec: JobSubmission;
  form: Pick<JobForm, "program" | "input" | "files">;
  parts: readonly ShardPreview[];
  host: ExecutorHost;
  signal: AbortSignal;
  onShard: (shard: TrialShard) => void;
};

/**
 * Runs the given shards in this browser's sandbox as a volunteer would, each twice and side by side on two executors, and tells of each as soon as it is done.
 * Throws `TrialRefused` where the program cannot be prepared; an abort ends all of it at once.
 */
export async function runTrial(trial: Trial): Promise<void> {
  const { spec, form, parts, host, signal, onShard } = trial;
  const prepare = await readPrepare(spec, form);
  // Messages copy bytes: each executor gets its own.
  const executors = [new TrialExecutor(host, prepare), new TrialExecutor(host, prepare)] as const;
  const end = () => void Promise.all(executors.map((executor) => executor.close()));
  signal.addEventListener("abort", end, { once: true });
  try {
    for (const part of parts) {
      signal.throwIfAborted();
      const run = async (executor: TrialExecutor) =>
        await executor.run(composeRun(trialTerms(spec, part), part.no, await readStdin(part, form.input)), spec.limits.timeMsMax);
      const runs = await Promise.all([run(executors[0]), run(executors[1])]);
      signal.throwIfAborted();
      onShard({ no: part.no, runs, difference: compare(runs) });
    }
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

async function readPrepare(spec: JobSubmission, form: Trial["form"]): Promise<PrepareRequest> {
  await initSha256();
  const read = async (file: File | null) => (file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array());
  const program = await read(form.program);
  const files = await Promise.all(form.files.map(async ({ name, file }) => ({ name, bytes: await read(file) })));
  return {
    jobId: trialTerms(spec).jobId,
    programSha256: sha256Hex(program),
    program,
    kernel: spec.program.kernel,
    memoryBytesMax: spec.limits.memoryBytesMax,
    files: files.map(({ name, bytes }) => ({ name, bytes, sha256: sha256Hex(bytes) })),
  };
}

function compare([a, b]: [TrialOutcome, TrialOutcome]): Difference | null {
  return a.status === "ok" && b.status === "ok" ? describeDifference(a.output, b.output) : null;
}
