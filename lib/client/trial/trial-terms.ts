import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { RunTerms } from "#workers/volunteer/running/shard-work.ts";

/** A submission as the runs of its shards see it, under an id that no job has. */
export function trialTerms(spec: JobSubmission): RunTerms {
  return { jobId: `job_${"0".repeat(32)}`, args: spec.program.args, slicing: spec.slicing, seed: spec.seed, limits: spec.limits };
}
