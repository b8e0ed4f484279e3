import "server-only";
import { decideHealth } from "#lib/domain/job/decide-health.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { setJobState } from "../jobs/job-state-store.ts";
import { findCommonFailure } from "../shards/failure-store.ts";
import { getCounters } from "../shards/shard-store.ts";
import type { JobFacts, JobSnapshot } from "./job-snapshot.ts";

const COMPUTING = ["running", "paused", "needs_funds"] as const;

/** More verdicts than this cannot come between two snapshots; a job further from its end is not looked at. */
const VERDICTS_PER_SNAPSHOT_MAX = 50_000;

/** Ends a job when these verdicts were its last, or when nothing but failures came of it. The sweeper does the same for exchanges that died before. */
export async function endIfDone(turn: { ctx: Services; snapshot: JobSnapshot }, facts: JobFacts, won: { accepted: number; failed: number }): Promise<void> {
  const { ctx, snapshot } = turn;
  if (won.failed === 0) {
    const job = (await snapshot.running()).get(facts.jobId);
    if (job && facts.shardCount - job.decided > VERDICTS_PER_SNAPSHOT_MAX) return;
  }
  await endByHealth(ctx, facts);
}

/** Ends a job according to its counters; leaves one that goes on alone. */
export async function endByHealth(services: Services, facts: Pick<JobFacts, "jobId" | "shardCount">): Promise<void> {
  const { jobId, shardCount } = facts;
  const { accepted, failed, final } = await getCounters(services.db, jobId);
  const health = decideHealth({ accepted, failed, final, shardCount });
  if (health === "final") await endJob(services, { jobId, state: "final" });
  if (health === "computed") await transaction(services.db, (tx) => setJobState(tx, jobId, { state: "computed", from: COMPUTING }));
  if (health === "all_failed") {
    const outcome = await findCommonFailure(services.db, jobId);
    await endJob(services, { jobId, state: "failed", reason: { code: "job_all_failed", params: { shards: failed, outcome } } });
  }
}
