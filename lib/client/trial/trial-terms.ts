import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import type { RunTerms } from "#workers/volunteer/running/shard-work.ts";

/** A submission as the run of a shard sees it, under an id that no job has. */
export function trialTerms(spec: JobSubmission, part?: ShardPreview): RunTerms {
  const file = part?.kind === "file" ? part.entry.name : undefined;
  return { jobId: `job_${"0".repeat(32)}`, args: spec.program.args, slicing: spec.slicing, seed: spec.seed, limits: spec.limits, file };
}
