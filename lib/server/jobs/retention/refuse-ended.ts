import "server-only";
import { resultsEndAt } from "#lib/domain/job/keeping.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Services } from "../../context.ts";
import type { Job } from "../job-store.ts";

type Kept = Pick<Job, "closedAt" | "resultsEndAt">;

/** Whether the results of a job are not to be had any more. */
export function haveEnded({ clock }: Pick<Services, "clock">, job: Kept): boolean {
  return job.resultsEndAt !== null && job.resultsEndAt <= clock.now();
}

/** Throws `result_gone` where they are not. */
export function refuseEnded(services: Pick<Services, "clock">, job: Kept): void {
  if (job.resultsEndAt && haveEnded(services, job)) throw new ApiError("result_gone", { day: job.resultsEndAt.toISOString().slice(0, 10) });
}

/** Until when they are kept: as it was told, or as it will be. Null while the job is not closed. */
export function viewKeeping({ clock, config }: Pick<Services, "clock" | "config">, job: Kept): JobView["results"] {
  const endAt = job.resultsEndAt ?? (job.closedAt && resultsEndAt(job.closedAt, config.resultsMs, clock.now()));
  return { endAt: endAt?.toISOString() ?? null, areGone: haveEnded({ clock }, job) };
}
