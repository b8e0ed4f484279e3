import "server-only";
import { VERIFIER_FILES } from "#lib/domain/errand/errand.ts";
import type { AccountId, Sha256 } from "#lib/domain/ids.ts";
import { JOB_LIMITS, type JobSpec, type OwnProgram } from "#lib/domain/job/job.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { renewOwned } from "../../artifacts/artifact-store.ts";
import type { Reader } from "../../db/client.ts";

export type ArtifactUse = { field: string; sha256: Sha256; part: "program" | "input" | "file" };

/** Every artifact that a submission names, with the field that names it. */
export function artifactUses(spec: JobSpec): ArtifactUse[] {
  return [
    { field: "program.artifact", sha256: spec.program.artifact.sha256, part: "program" },
    ...ownPrograms(spec).map(({ field, program }) => ({ field: `${field}.artifact`, sha256: program.artifact.sha256, part: "program" as const })),
    ...(spec.input ? [{ field: "input", sha256: spec.input.sha256, part: "input" as const }] : []),
    ...spec.files.map((file, i) => ({ field: `files.${i}.artifact`, sha256: file.artifact.sha256, part: "file" as const })),
  ];
}

/** The programs that an owner brings for trusted devices, with the fields that name them and what their arguments are filled from: a verifier's from its shard. */
export function ownPrograms({
  verification: { verifier },
  reducer,
}: Pick<JobSpec, "verification" | "reducer">): { field: string; program: OwnProgram; isPerShard: boolean }[] {
  return [
    ...(verifier ? [{ field: "verification.verifier", program: verifier, isPerShard: true }] : []),
    ...(reducer.kind === "wasi" ? [{ field: "reducer", program: reducer, isPerShard: false }] : []),
  ];
}

/**
 * Throws unless the account uploaded every artifact that the submission names (`artifact_missing` with the field), each fits the limit of its part
 * (`too_large`), file names differ, and an input is there exactly where slicing needs one. What it names is not collected for a day from `at` on.
 */
export async function checkArtifacts(reader: Reader, accountId: AccountId, { spec, at }: { spec: JobSpec; at: Date }): Promise<void> {
  checkShape(spec);
  const uses = artifactUses(spec);
  const owned = await renewOwned(reader, accountId, { sha256s: uses.map((use) => use.sha256), at });
  const bytes: Record<ArtifactUse["part"], number> = { program: 0, input: 0, file: 0 };
  for (const use of uses) {
    const size = owned.get(use.sha256);
    if (size === undefined) throw new ApiError("artifact_missing", { field: use.field });
    bytes[use.part] += size;
  }
  if (bytes.program > JOB_LIMITS.programBytesMax) throw new ApiError("too_large", { what: "The program", limit: JOB_LIMITS.programBytesMax });
  if (bytes.input > JOB_LIMITS.inputBytesMax) throw new ApiError("too_large", { what: "The input", limit: JOB_LIMITS.inputBytesMax });
  if (bytes.file > JOB_LIMITS.filesBytesMax) throw new ApiError("too_large", { what: "All files together", limit: JOB_LIMITS.filesBytesMax });
}

function checkShape({ slicing, input, files, verification }: JobSpec): void {
  const { mode } = slicing;
  if (needsInput(mode) && !input) throw new ApiError("input_needed", { mode, problem: "needs an input" });
  if (!needsInput(mode) && input) throw new ApiError("input_needed", { mode, problem: "takes no input" });
  const names = new Set<string>();
  for (const [i, { name }] of files.entries()) {
    if (names.has(name)) throw new ApiError("bad_request", { field: `files.${i}.name`, problem: `${name} is taken by an earlier file` });
    names.add(name);
    if (verification.verifier && Object.values<string>(VERIFIER_FILES).includes(name))
      throw new ApiError("bad_request", { field: `files.${i}.name`, problem: `${name} is what the verifier reads` });
  }
}
