import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import type { Reader, Tx } from "../db/client.ts";
import { releaseReimbursed } from "../exchange/granting/cursor-store.ts";
import { newId } from "../ids.ts";
import { setJobState } from "../jobs/job-state-store.ts";
import { type JobPosting, postJobGroup } from "./ledger-store.ts";

/** The others come with the next turn. */
const SHORT_JOBS_MAX = 200;

/**
 * Takes pending pay of devices into the job's reserve, in one group. The caller marked the replicas in the same transaction, which is what makes each
 * forfeitable once, so the group's ref only has to be new.
 */
export async function forfeitPay(
  tx: Tx,
  job: { jobId: JobId; priceMicro: Micro },
  forfeits: readonly { deviceId: DeviceId; replicas: number }[],
): Promise<void> {
  const lines: JobPosting[] = forfeits.map(({ deviceId, replicas }) => ({ side: "pending", deviceId, amountMicro: -BigInt(replicas) * job.priceMicro }));
  const replicas = forfeits.reduce((sum, forfeit) => sum + forfeit.replicas, 0);
  if (replicas === 0) return;
  lines.push({ side: "reserve", amountMicro: BigInt(replicas) * job.priceMicro });
  await postJobGroup(tx, { jobId: job.jobId, ref: `forfeit:${newId("grt").slice(4)}`, lines });
}

/**
 * Gives back to a job's escrow, and to what it may still spend, what computing revoked shards again cost or is asked to, as far as forfeited pay reaches: the
 * owner pays once for each accepted shard, and what is left of the forfeits stays the protocol's reserve. A job that waited for funds goes on. The caller holds
 * the job's lock. Repeating it gives back what came since.
 */
export async function reimburseReverification(tx: Tx, jobId: JobId): Promise<void> {
  const [row] = await tx<{ reserve: bigint; reimbursed: bigint; cost: bigint }[]>`
    select
      (select coalesce(sum(amount_micro), 0)::bigint from job_postings where job_id = ${uuidOf(jobId)} and side = 'reserve') as reserve,
      (select coalesce(-sum(amount_micro), 0)::bigint from job_postings where job_id = ${uuidOf(jobId)} and side = 'reserve' and amount_micro < 0) as reimbursed,
      ((select count(*) from results where job_id = ${uuidOf(jobId)} and round > 0 and settled_at is not null)
        + (select coalesce(sum(to_no - from_no), 0) from wanted where job_id = ${uuidOf(jobId)} and kind = 'again' and taken_at is null))::bigint
        * (select cost_micro from job_cursors where job_id = ${uuidOf(jobId)}) as cost`;
  if (!row || row.reserve <= 0n) return;
  const amountMicro = least(row.cost - row.reimbursed, row.reserve);
  if (amountMicro <= 0n) return;
  const isNew = await postJobGroup(tx, {
    jobId,
    ref: `reverify:${jobId}:${row.reimbursed}`,
    lines: [
      { side: "reserve", amountMicro: -amountMicro },
      { side: "escrow", amountMicro },
    ],
  });
  if (!isNew) return;
  await releaseReimbursed(tx, jobId, amountMicro);
  await setJobState(tx, jobId, { state: "running", from: ["needs_funds"] });
}

/** Jobs that cannot afford another replica while pay that was forfeited lies in their reserve. */
export async function listShortWithReserve(reader: Reader): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`
    select c.job_id as id from jobs j join job_cursors c on c.job_id = j.id
    where j.state in ('running', 'paused', 'needs_funds', 'computed') and c.cost_micro > 0 and c.committed_micro + c.cost_micro > c.budget_micro
      and (select coalesce(sum(amount_micro), 0) from job_postings p where p.job_id = c.job_id and p.side = 'reserve') > 0
    order by c.job_id limit ${SHORT_JOBS_MAX}`;
  return rows.map((row) => idOf("job", row.id));
}
