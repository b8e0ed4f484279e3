import "server-only";
import { type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import { newId } from "../ids.ts";
import { type JobPosting, postJobGroup } from "./ledger-store.ts";

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
 * Gives back to a job's escrow what computing revoked shards again cost, as far as forfeited pay reaches: the owner pays once for each accepted shard, and
 * what is left of the forfeits stays the protocol's reserve. The caller holds the job's lock. Repeating it gives back what came since.
 */
export async function reimburseReverification(tx: Tx, jobId: JobId): Promise<void> {
  const [row] = await tx<{ reserve: bigint; reimbursed: bigint; cost: bigint }[]>`
    select
      (select coalesce(sum(amount_micro), 0)::bigint from job_postings where job_id = ${uuidOf(jobId)} and side = 'reserve') as reserve,
      (select coalesce(-sum(amount_micro), 0)::bigint from job_postings where job_id = ${uuidOf(jobId)} and side = 'reserve' and amount_micro < 0) as reimbursed,
      (select count(*) from results where job_id = ${uuidOf(jobId)} and round > 0 and settled_at is not null)::bigint
        * (select cost_micro from job_cursors where job_id = ${uuidOf(jobId)}) as cost`;
  if (!row || row.reserve <= 0n) return;
  const amountMicro = least(row.cost - row.reimbursed, row.reserve);
  if (amountMicro <= 0n) return;
  await postJobGroup(tx, {
    jobId,
    ref: `reverify:${jobId}:${row.reimbursed}`,
    lines: [
      { side: "reserve", amountMicro: -amountMicro },
      { side: "escrow", amountMicro },
    ],
  });
}
