import { INLINE_OUTPUT_BYTES_MAX, STDERR_BYTES_MAX } from "#lib/domain/job/job.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardSeed } from "#lib/domain/program/seed.ts";
import { shardValues } from "#lib/domain/slicing/shard-values.ts";
import type { JobManifest, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { RunShardRequest } from "#workers/executor/executor-contract.ts";
import type { GpuAdapterClass } from "#workers/executor/wgsl/gpu-holder.ts";
import type { PoolOutcome } from "./executor-pool.ts";

/** What the run of a shard depends on, beside its input. */
export type RunTerms = Pick<JobManifest, "jobId" | "args" | "slicing" | "seed"> & {
  limits: Pick<JobManifest["limits"], "outputBytesMax">;
  /** With files, the name of the shard's file. */
  file?: string | undefined;
};

/** What an executor needs to run one shard; fails when the job's arguments cannot be filled in. */
export function composeRun(manifest: RunTerms, no: number, stdin: Uint8Array<ArrayBuffer>): RunShardRequest & { stdin: Uint8Array<ArrayBuffer> } {
  const seed = shardSeed(BigInt(manifest.seed), no);
  const values = shardValues(manifest.slicing, no, { bytes: stdin.length, file: manifest.file });
  const filled = fillArguments(manifest.args, { shard: String(no), seed: String(seed), ...values });
  if (!filled.ok) throw new Error(filled.problem.message);
  return {
    jobId: manifest.jobId,
    args: filled.args,
    env: { SHOAL_SHARD: String(no), SHOAL_SEED: String(seed) },
    stdin,
    seed,
    limits: { outputBytesMax: manifest.limits.outputBytesMax, stderrBytesMax: STDERR_BYTES_MAX },
  };
}

/** An outcome as it is reported. An output above the inline limit is left out: it is uploaded before. */
export function reportOf(no: number, outcome: PoolOutcome): ResultReport {
  // Nothing is known of a shard whose GPU went away: that is the machine's end, not the shard's.
  if (outcome.status === "gpu_lost") return { no, outcome: "crashed", durationMs: outcome.durationMs, stderr: "The GPU was lost." };
  const report: ResultReport = { no, outcome: outcome.status, durationMs: outcome.durationMs };
  // What an executor says of its own end stands where the program's log would.
  const log = outcome.status === "crashed" && outcome.stderr === "" ? outcome.message : outcome.stderr;
  if (log !== "") report.stderr = log.slice(0, STDERR_BYTES_MAX);
  if (outcome.status === "exit_code") report.exitCode = outcome.exitCode;
  if (outcome.status === "trap") report.trap = outcome.trap;
  if (outcome.status !== "ok") return report;
  report.digest = outcome.outputSha256;
  report.outputBytes = outcome.output.length;
  if (outcome.adapter) report.adapter = nameAdapter(outcome.adapter);
  if (outcome.output.length <= INLINE_OUTPUT_BYTES_MAX) report.output = toBase64(outcome.output);
  return report;
}

/** The class of a GPU as it is reported: what drivers call themselves, in at most 80 plain characters. */
function nameAdapter({ vendor, architecture }: GpuAdapterClass): string {
  return `${vendor}/${architecture}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}

/** Whether the output has to be uploaded rather than reported. */
export function isLarge(outcome: PoolOutcome): outcome is Extract<PoolOutcome, { status: "ok" }> {
  return outcome.status === "ok" && outcome.output.length > INLINE_OUTPUT_BYTES_MAX;
}

/** Inline outputs are small enough for one call. */
function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
