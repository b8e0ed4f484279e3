import "server-only";
import type { JobSpec } from "#lib/domain/job/job.ts";
import { findArgumentProblem, RANGE_PLACEHOLDERS, SHARD_PLACEHOLDERS } from "#lib/domain/program/argv.ts";
import { inspectWasm } from "#lib/domain/program/inspect-wasm.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";

/** Throws `program_refused` with every reason and its fix, unless devices can run the job's program within the job's memory. */
export async function checkProgram(blobs: BlobStore, spec: JobSpec): Promise<void> {
  const bytes = await blobs.readBytes(spec.program.artifact.sha256);
  const { problems } = inspectWasm(bytes, spec.limits.memoryBytesMax);
  if (problems.length === 0) return;
  throw new ApiError("program_refused", {
    problem: problems.map((problem) => `${problem.message} ${problem.fix}`).join(" "),
    problems: problems.map((problem) => problem.code).join(","),
  });
}

/** Throws `arguments_refused` for the first argument that no shard could fill. */
export function checkArguments(spec: JobSpec): void {
  const placeholders = spec.slicing.mode === "range" ? [...SHARD_PLACEHOLDERS, ...RANGE_PLACEHOLDERS] : SHARD_PLACEHOLDERS;
  const problem = findArgumentProblem(spec.program.args, placeholders);
  if (!problem) return;
  throw new ApiError("arguments_refused", {
    problem: `program.args.${problem.argumentIndex}: ${problem.message.replace(/\.$/, "")}`,
    field: `program.args.${problem.argumentIndex}`,
  });
}
