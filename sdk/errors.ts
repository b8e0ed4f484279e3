import type { JobId } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";

type Reason = { code: string; message: string } | null;

/** A job ended without deciding every shard: it was cancelled, or it stopped itself. What was accepted before can still be read. */
export class JobEndedError extends Error {
  override name = "JobEndedError";
  readonly jobId: JobId;
  readonly state: JobState;
  readonly reason: Reason;

  constructor({ id, state, reason }: Pick<JobView, "id" | "state" | "reason">) {
    super(`The job ${id} ended (${state}) before all of its shards were decided.${reason ? ` ${reason.message}` : ""}`);
    this.jobId = id;
    this.state = state;
    this.reason = reason;
  }
}

/** One shard failed where its output was needed. */
export class ShardFailedError extends Error {
  override name = "ShardFailedError";
  readonly jobId: JobId;
  readonly no: number;
  readonly reason: Reason;

  constructor(jobId: JobId, { no, reason }: { no: number; reason: Reason }) {
    super(`Shard ${no} of ${jobId} failed.${reason ? ` ${reason.message}` : ""}`);
    this.jobId = jobId;
    this.no = no;
    this.reason = reason;
  }
}
