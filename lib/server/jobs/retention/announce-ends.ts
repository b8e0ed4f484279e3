import "server-only";
import { noticeAt, resultsEndAt } from "#lib/domain/job/keeping.ts";
import type { Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { lockJob } from "../../exchange/job-lock.ts";
import { tellOfJob } from "../../notices/tell-of-job.ts";
import { listUntold, setResultsEnd } from "./retention-store.ts";

const JOBS_AT_ONCE = 100;

/**
 * Sets for jobs that closed long enough ago when their results go, and tells whoever is concerned. The date stands from then on, whatever becomes of the
 * setting. Returns how many jobs.
 */
export async function announceEnds({ db, clock, config }: Services): Promise<number> {
  const now = clock.now();
  // A job that closed at the beginning of all times is told of so long after.
  const closedBefore = new Date(now.getTime() - noticeAt(new Date(0), config.resultsMs).getTime());
  const jobs = await listUntold(db, closedBefore, JOBS_AT_ONCE);
  for (const { jobId, closedAt, accepted } of jobs) {
    const endAt = resultsEndAt(closedAt, config.resultsMs, now);
    await transaction(db, async (tx) => {
      await lockJob(tx, jobId);
      if (!(await setResultsEnd(tx, jobId, endAt)) || accepted === 0) return;
      await tellOfJob(tx, { jobId, kind: "leaving", event: String(endAt.getTime()), at: now, params: { endAt: endAt.toISOString() } });
    });
  }
  return jobs.length;
}
