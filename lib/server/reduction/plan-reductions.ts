import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { planStep } from "#lib/domain/reduce/plan-step.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { shareJob } from "../exchange/job-lock.ts";
import type { JobFacts, JobSnapshot } from "../exchange/job-snapshot.ts";
import { findReach, findReduced, insertStep, keepReduced, listTried, takeGoing } from "./reduction-store.ts";

/** Jobs looked at in one round of the sweeper; the others are first in the next. */
const JOBS_MAX = 256;

/** Asks trusted devices for the next step of each reducer that has enough before it. Returns for how many jobs. */
export async function planReductions(services: Services, snapshot: JobSnapshot): Promise<number> {
  const going = await transaction(services.db, async (tx) => await takeGoing(tx, JOBS_MAX, services.clock.now()));
  let planned = 0;
  for (const facts of (await snapshot.facts(going)).values()) if (await planReduction(services, facts)) planned += 1;
  return planned;
}

/** Asks for the next step of a job's reducer, if there is one worth a run. Shards of which none was accepted need none. */
export async function planReduction(services: Services, { jobId, shardCount }: Pick<JobFacts, "jobId" | "shardCount">): Promise<boolean> {
  return await transaction(services.db, async (tx) => {
    // No verdict is taken back while it is read: the step would go on from a result that is gone.
    const state = (await shareJob(tx, jobId))?.state;
    if (!state) return false;
    const { toNo: fromNo } = await findReach(tx, jobId);
    const step = planStep({ fromNo, shardCount, isOver: !isOpen(state) }, await listTried(tx, jobId, fromNo));
    if (!step) return false;
    if (step.accepted > 0) return await insertStep(tx, jobId, { fromNo, toNo: step.toNo }, services.clock.now());
    await passOver(tx, jobId, step.toNo);
    return true;
  });
}

async function passOver(tx: Parameters<typeof keepReduced>[0], jobId: JobId, toNo: number): Promise<void> {
  const { shards, state } = await findReduced(tx, jobId);
  await keepReduced(tx, jobId, { toNo, shards, state });
}
