import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import { newId } from "../ids.ts";
import { type JobPosting, postJobGroup } from "../ledger/ledger-store.ts";
import { lockReserves } from "../ledger/reserve-store.ts";
import { mapStakes } from "../ledger/stake-store.ts";

/** Keeps fundings and releases of an account out until the transaction ends. */
export async function lockAccount(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
}

/** Jobs that an account funds, alone or with others. */
const fundedBy = (tx: Tx, accountIds: readonly AccountId[]) => {
  const ids = accountIds.map(uuidOf);
  return tx`select id from jobs where account_id = any(${ids}::uuid[]) union select job_id from job_funders where account_id = any(${ids}::uuid[])`;
};

/**
 * What jobs still promise out of an account's money and is not being checked, job by job; what is nobody's first, and devices' earnings last. `mostMicro` is how much of
 * it is the account's own, where others funded the job too.
 */
export async function listPromised(tx: Tx, accountId: AccountId): Promise<{ jobId: JobId; lines: JobPosting[]; mostMicro: Micro | null }[]> {
  const rows = await tx<{ jobId: string; side: "escrow" | "reserve" | "fee" | "earned"; deviceId: string | null; amountMicro: bigint }[]>`
    select p.job_id as "jobId", p.side, p.device_id as "deviceId", sum(p.amount_micro)::bigint as "amountMicro"
    from job_postings p
    where p.job_id in (${fundedBy(tx, [accountId])}) and p.side in ('escrow', 'reserve', 'fee', 'earned')
    group by p.job_id, p.side, p.device_id having sum(p.amount_micro) > 0
    order by p.job_id, array_position(array['escrow', 'reserve', 'fee', 'earned'], p.side), p.device_id`;
  const jobs = [...Map.groupBy(rows, ({ jobId }) => idOf("job", jobId))];
  const stakes = await mapStakes(
    tx,
    jobs.map(([jobId]) => jobId),
  );
  return jobs.map(([jobId, lines]) => ({
    jobId,
    mostMicro: stakes.get(jobId)?.find((stake) => stake.accountId === accountId)?.heldMicro ?? null,
    lines: lines.map(
      ({ side, deviceId, amountMicro }): JobPosting =>
        side === "earned" ? { side, deviceId: idOf("dev", deviceId ?? ""), amountMicro } : { side, amountMicro },
    ),
  }));
}

/**
 * Pay that owners' jobs put into the reserves of devices is earned now: its checks have ended, and a reserve that its owner takes away would be the devices' loss. One group for
 * each job. The caller holds no lock of a job that it takes later.
 */
export async function releaseReservesOf(tx: Tx, ownerIds: readonly AccountId[]): Promise<void> {
  if (ownerIds.length === 0) return;
  await lockReserves(tx);
  const rows = await tx<{ jobId: string; deviceId: string; amountMicro: bigint }[]>`
    with taken as (delete from reserved_pay r where r.job_id in (${fundedBy(tx, ownerIds)}) returning r.job_id, r.device_id, r.payments, r.price_micro)
    select job_id as "jobId", device_id as "deviceId", sum(payments * price_micro)::bigint as "amountMicro" from taken group by 1, 2 order by 1, 2`;
  for (const [jobId, pays] of Map.groupBy(rows, (row) => row.jobId)) {
    const lines = pays.flatMap(({ deviceId, amountMicro }): JobPosting[] => [
      { side: "pending", deviceId: idOf("dev", deviceId), amountMicro: -amountMicro },
      { side: "earned", deviceId: idOf("dev", deviceId), amountMicro },
    ]);
    await postJobGroup(tx, { jobId: idOf("job", jobId), ref: `vest:leaving:${newId("grt").slice(4)}`, lines });
  }
}

/**
 * Turns all pay that is still being checked, or in reserve, into forfeits, in an account's jobs: nothing is left to pay it with. Of jobs that others funded too, only in those that
 * hold nothing else of the account's money.
 */
export async function forfeitAllPending(tx: Tx, accountId: AccountId): Promise<void> {
  await lockReserves(tx);
  const jobIds = await listForfeitable(tx, accountId);
  await tx`delete from reserved_pay where job_id = any(${jobIds}::uuid[])`;
  const rows = await tx<{ jobId: string; deviceId: string; amountMicro: bigint }[]>`
    select p.job_id as "jobId", p.device_id as "deviceId", sum(p.amount_micro)::bigint as "amountMicro" from job_postings p
    where p.job_id = any(${jobIds}::uuid[]) and p.side = 'pending' group by p.job_id, p.device_id having sum(p.amount_micro) > 0 order by 1, 2`;
  for (const [jobId, lines] of Map.groupBy(rows, (row) => row.jobId)) {
    // Held replicas are those that would vest later.
    await tx`
      update results r set is_forfeited = true from holds h
      where r.job_id = ${jobId} and h.job_id = r.job_id and h.no = r.shard_no and h.round = r.round and r.agreed = 'yes' and r.settled_at is not null`;
    const forfeited = lines.map(({ deviceId, amountMicro }): JobPosting => ({ side: "pending", deviceId: idOf("dev", deviceId), amountMicro: -amountMicro }));
    const sum = lines.reduce((total, { amountMicro }) => total + amountMicro, 0n);
    await postJobGroup(tx, {
      jobId: idOf("job", jobId),
      ref: `forfeit:${newId("grt").slice(4)}`,
      lines: [...forfeited, { side: "reserve", amountMicro: sum }],
    });
  }
}

async function listForfeitable(tx: Tx, accountId: AccountId): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`${fundedBy(tx, [accountId])}`;
  const stakes = await mapStakes(
    tx,
    rows.map(({ id }) => idOf("job", id)),
  );
  const isForfeitable = (id: string) => {
    const of = stakes.get(idOf("job", id));
    return !of || of.some((stake) => stake.accountId === accountId && stake.heldMicro > 0n);
  };
  return rows.map(({ id }) => id).filter(isForfeitable);
}
