import "server-only";
import { COMPARE_LIMITS } from "#lib/domain/compare/compare-rule.ts";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { JobSpec } from "#lib/domain/job/job.ts";
import { inspectKernel } from "#lib/domain/kernel/inspect-kernel.ts";
import { KERNEL_LIMITS, type KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import type { KernelProblem } from "#lib/domain/kernel/kernel-problems.ts";
import { placeholdersOf } from "#lib/domain/slicing/shard-values.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { refuseArguments, refuseProgram } from "#lib/protocol/jobs/refuse-program.ts";
import { reflectKernel } from "#lib/wgsl/reflect-kernel.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import { inspectStored } from "../../inspection/inspect-stored.ts";
import { ownPrograms } from "./check-artifacts.ts";

/**
 * Throws `program_refused` with every reason and its fix, unless devices can run the job's program within the job's memory; `bad_request` where the manifest
 * of a kernel is missing or too much, or the server could not compare outputs as the job asks.
 */
export async function checkProgram(blobs: BlobStore, spec: JobSpec): Promise<void> {
  checkShape(spec);
  const { artifact, kernel } = spec.program;
  const { memoryBytesMax } = spec.limits;
  if (kernel) refuseProgram(kernelProblems(await readKernel(blobs, artifact.sha256), { ...spec, kernel }));
  else refuseProgram((await inspectStored(blobs, artifact.sha256, memoryBytesMax)).problems);
  for (const { field, program } of ownPrograms(spec))
    refuseProgram((await inspectStored(blobs, program.artifact.sha256, memoryBytesMax)).problems, `${field}: `);
}

/** The text of a kernel, and of what is larger than any kernel may be enough to see that. */
async function readKernel(blobs: BlobStore, sha256: Sha256): Promise<Uint8Array> {
  const size = (await blobs.size(sha256)) ?? 0;
  return await blobs.readBytes(sha256, { start: 0, end: Math.min(size, KERNEL_LIMITS.sourceBytesMax + 1) });
}

function checkShape({ program, limits, verification }: JobSpec): void {
  const { runtime, kernel } = program;
  if (runtime === "wgsl" && !kernel) throw new ApiError("bad_request", { field: "program.kernel", problem: "is needed with the runtime wgsl" });
  if (runtime !== "wgsl" && kernel) throw new ApiError("bad_request", { field: "program.kernel", problem: "belongs to the runtime wgsl" });
  if (verification.compare && verification.compare.kind !== "exact" && limits.outputBytesMax > COMPARE_LIMITS.outputBytesMax) {
    const problem = `must be at most ${COMPARE_LIMITS.outputBytesMax} where outputs of different bytes may agree`;
    throw new ApiError("bad_request", { field: "limits.outputBytesMax", problem });
  }
}

function kernelProblems(bytes: Uint8Array, spec: JobSpec & { kernel: KernelManifest }): KernelProblem[] {
  const job = {
    argumentCount: spec.program.args.length,
    fileNames: spec.files.map((file) => file.name),
    hasInput: spec.input !== undefined,
    limits: spec.limits,
  };
  const inspected = inspectKernel(new TextDecoder().decode(bytes), spec.kernel, { job, reflect: reflectKernel });
  return inspected.ok ? [] : [inspected.problem];
}

/** Throws `arguments_refused` for the first argument that no shard could fill. */
export function checkArguments(spec: JobSpec): void {
  for (const { field, program, isPerShard } of [{ field: "program", program: spec.program, isPerShard: true }, ...ownPrograms(spec)]) {
    refuseArguments(program.args, isPerShard ? placeholdersOf(spec.slicing) : [], field);
  }
}
