import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import { newId } from "../ids.ts";
import { type JobPosting, postJobGroup } from "../ledger/ledger-store.ts";
import { lockReserves } from "../ledger/reserve-store.ts";
import { mapStakes } from "../ledger/stake-store.ts";
import type { Forfeit } from "../trust/revoke-store.ts";

/** Keeps fundings and releases of an account out until the transaction ends. */
export async function lockFundings(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
}

/** An account's money on one chain. */
type Purse = { accountId: AccountId; purse: number };

/** Jobs that accounts fund out of a purse, alone or with others. */
const fundedBy = (tx: Tx, accountIds: readonly AccountId[], purse: number) => {
  const ids = accountIds.map(uuidOf);
  return tx`
    select id from jobs where account_id = any(${ids}::uuid[]) and purse = ${purse}
    union select f.job_id from job_funders f join jobs j on j.id = f.job_id where f.account_id = any(${ids}::uuid[]) and j.purse = ${purse}`;
};

/** How much of what these jobs hold is the account's own; null for a job that it funds alone. */
export async function mapOwnParts(tx: Tx, accountId: AccountId, jobIds: readonly JobId[]): Promise<(jobId: JobId) => Micro | null> {
  const stakes = await mapStakes(tx, jobIds);
  return (jobId) => {
    const of = stakes.get(jobId);
    return of ? (of.find((stake) => stake.accountId === accountId)?.heldMicro ?? 0n) : null;
  };
}

type PromisedSide = "escrow" | "reserve" | "fee" | "earned";

/** What jobs that an account funds out of a purse hold on these sides, job by job, in the order of the sides. `mostMicro` is how much of it is the account's own, where others funded the job too. */
export async function listPromised(
  tx: Tx,
  { accountId, purse }: Purse,
  sides: readonly PromisedSide[],
): Promise<{ jobId: JobId; lines: JobPosting[]; mostMicro: Micro | null }[]> {
  const rows = await tx<{ jobId: string; side: PromisedSide; deviceId: string | null; amountMicro: bigint }[]>`
    select p.job_id as "jobId", p.side, p.device_id as "deviceId", sum(p.amount_micro)::bigint as "amountMicro"
    from job_postings p
    where p.job_id in (${fundedBy(tx, [accountId], purse)}) and p.side = any(${sides}::text[])
    group by p.job_id, p.side, p.device_id having sum(p.amount_micro) > 0
    order by p.job_id, array_position(${sides}::text[], p.side), p.device_id`;
  const jobs = [...Map.groupBy(rows, ({ jobId }) => idOf("job", jobId))];
  const ownOf = await mapOwnParts(
    tx,
    accountId,
    jobs.map(([jobId]) => jobId),
  );
  return jobs.map(([jobId, lines]) => ({
    jobId,
    mostMicro: ownOf(jobId),
    lines: lines.map(
      ({ side, deviceId, amountMicro }): JobPosting =>
        side === "earned" ? { side, deviceId: idOf("dev", deviceId ?? ""), amountMicro } : { side, amountMicro },
    ),
  }));
}

/**
 * Pay that owners' jobs of a purse put into the reserves of devices is earned now: its checks have ended, and a reserve that its owner takes away would be the devices' loss. One group for
 * each job. The caller holds no lock of a job that it takes later.
 */
export async function releaseReservesOf(tx: Tx, ownerIds: readonly AccountId[], purse: number): Promise<void> {
  if (ownerIds.length === 0) return;
  await lockReserves(tx);
  const rows = await tx<{ jobId: string; deviceId: string; amountMicro: bigint }[]>`
    with taken as (delete from reserved_pay r where r.job_id in (${fundedBy(tx, ownerIds, purse)}) returning r.job_id, r.device_id, r.payments, r.price_micro)
    select job_id as "jobId", device_id as "deviceId", sum(payments * price_micro)::bigint as "amountMicro" from taken group by 1, 2 order by 1, 2`;
  for (const [jobId, pays] of Map.groupBy(rows, (row) => row.jobId)) {
    const lines = pays.flatMap(({ deviceId, amountMicro }): JobPosting[] => [
      { side: "pending", deviceId: idOf("dev", deviceId), amountMicro: -amountMicro },
      { side: "earned", deviceId: idOf("dev", deviceId), amountMicro },
    ]);
    await postJobGroup(tx, { jobId: idOf("job", jobId), ref: `vest:leaving:${newId("grt").slice(4)}`, lines });
  }
}

/** Jobs that an account funds out of a purse in which pay is still being checked, and what each replica is paid. */
export async function listUnchecked(tx: Tx, { accountId, purse }: Purse): Promise<{ jobId: JobId; priceMicro: Micro }[]> {
  const rows = await tx<{ id: string; priceMicro: bigint }[]>`
    select id, price_micro as "priceMicro" from jobs where id in (${fundedBy(tx, [accountId], purse)}) and price_micro > 0
      and exists (select 1 from job_postings p where p.job_id = jobs.id and p.side = 'pending' group by p.device_id having sum(p.amount_micro) > 0)
    order by id`;
  return rows.map(({ id, priceMicro }) => ({ jobId: idOf("job", id), priceMicro }));
}

/** Marks the pay of so many replicas that are still being checked as forfeited, of each device the same part; how many of which. The caller holds the job's lock. */
export async function markForfeited(tx: Tx, jobId: JobId, replicas: bigint): Promise<Forfeit[]> {
  const rows = await tx<{ deviceId: string; replicas: number }[]>`
    with unchecked as (
        select r.shard_no, r.round, r.voter_id, r.device_id,
          row_number() over (partition by r.device_id order by r.shard_no, r.round)::float8 / count(*) over (partition by r.device_id) as place
        from holds h join results r on r.job_id = ${uuidOf(jobId)} and r.shard_no = h.no and r.round = h.round
        where h.job_id = ${uuidOf(jobId)} and r.agreed = 'yes' and r.settled_at is not null and not r.is_forfeited),
      lost as (select * from unchecked order by place, device_id limit ${String(replicas)}::bigint),
      marked as (
        update results r set is_forfeited = true from lost l
        where r.job_id = ${uuidOf(jobId)} and r.shard_no = l.shard_no and r.round = l.round and r.voter_id = l.voter_id returning r.device_id)
    select device_id as "deviceId", count(*)::int as replicas from marked group by device_id order by device_id`;
  return rows.map((row) => ({ deviceId: idOf("dev", row.deviceId), replicas: row.replicas }));
}
