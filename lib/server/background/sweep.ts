import "server-only";
import type { Services } from "../context.ts";
import { endByHealth } from "../exchange/end-if-done.ts";
import { expireOverdue } from "../exchange/granting/expire-overdue.ts";
import { listJobsWithExpired, listUntallied } from "../exchange/granting/grant-store.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { tallyGrants } from "../exchange/reporting/tally-grants.ts";
import { closeJob } from "../jobs/end-job.ts";
import { listComplete, listUnclosedEnded } from "../jobs/job-state-store.ts";
import { releaseMilestones } from "../jobs/milestones/release-milestones.ts";
import { planReductions } from "../reduction/plan-reductions.ts";

/** A mark older than this belongs to an exchange that died. */
const UNTALLIED_MS_MAX = 5000;

export type Swept = { tallied: number; expired: number; released: number; ended: number; closed: number; reducing: number };

/**
 * Finishes what dead processes left and ends what time has ended: tallies reported but undecided grants, expires silent ones, releases what passed milestones allow, ends complete jobs,
 * closes ended ones, asks for what owners' reducers have before them. Any number of sweepers may run at once; each step is safe to repeat.
 */
export async function sweep(services: Services): Promise<Swept> {
  const snapshot = new JobSnapshot(services);
  const swept: Swept = { tallied: 0, expired: 0, released: 0, ended: 0, closed: 0, reducing: 0 };
  swept.tallied = await tallyLeftovers(services, snapshot);
  for (const jobId of await listJobsWithExpired(services.db, services.clock.now())) swept.expired += await expireOverdue(services, snapshot, jobId);
  swept.released = await releaseMilestones(services);
  const facts = await snapshot.facts(await listComplete(services.db));
  for (const job of facts.values()) {
    await endByHealth(services, job);
    swept.ended += 1;
  }
  for (const jobId of await listUnclosedEnded(services.db)) {
    await closeJob(services, jobId);
    swept.closed += 1;
  }
  swept.reducing = await planReductions(services, snapshot);
  return swept;
}

async function tallyLeftovers(services: Services, snapshot: JobSnapshot): Promise<number> {
  const before = new Date(services.clock.now().getTime() - UNTALLIED_MS_MAX);
  const leftovers = Map.groupBy(await listUntallied(services.db, before), (grant) => grant.jobId);
  let tallied = 0;
  for (const facts of (await snapshot.facts([...leftovers.keys()])).values()) {
    const ids = (leftovers.get(facts.jobId) ?? []).map((grant) => grant.id);
    await tallyGrants(services, facts, ids);
    tallied += ids.length;
  }
  return tallied;
}
