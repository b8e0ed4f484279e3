import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { WHOLE_BPS } from "#lib/domain/ledger/stakes.ts";
import type { Reader, Tx } from "../db/client.ts";

/** What an account put into a job, what came back to it, and what the job still holds of it: what was neither returned nor paid out by an epoch. */
export type JobStake = { accountId: AccountId; shareBps: number; putMicro: Micro; returnedMicro: Micro; heldMicro: Micro };

type Row = { job: string; account: string; share: number | null; put: bigint; returned: bigint; held: bigint };

/**
 * The stakes of those jobs that others than their owner put money into, by job: in the order in which they were named, the owner last with what the others' shares leave, and with
 * what the job holds beyond theirs. Read from the postings; a job that its owner alone funded is not in it. Null means all jobs.
 */
export async function mapStakes(reader: Reader, jobIds: readonly JobId[] | null): Promise<Map<JobId, JobStake[]>> {
  const named = jobIds?.map(uuidOf) ?? null;
  const rows = await reader<Row[]>`
    with shared as (select distinct f.job_id, j.account_id as owner from job_funders f join jobs j on j.id = f.job_id
        where f.account_id is not null and (${named}::uuid[] is null or f.job_id = any(${named}::uuid[]))),
      moved as (
        select p.job_id, a.account_id, sum(a.amount_micro) filter (where a.amount_micro > 0) as put, -sum(a.amount_micro) filter (where a.amount_micro < 0) as returned
        from job_postings p join account_postings a on a.ref = p.ref and a.side = 'clearing'
        where p.job_id in (select job_id from shared) and p.side = 'clearing' and not (p.ref ^@ 'payout:' or p.ref ^@ 'payback:') group by 1, 2),
      paid as (
        select s.job_id, s.account_id, sum(s.amount_micro) as amount from epoch_stakes s join epochs e on e.chain_id = s.chain_id and e.no = s.epoch_no
        where e.state <> 'vetoed' and s.job_id in (select job_id from shared) group by 1, 2),
      funder as (
        select f.job_id, f.account_id, f.share_bps, f.added_at, f.address, coalesce(m.put, 0) as put, coalesce(m.returned, 0) as returned,
          coalesce(m.put, 0) - coalesce(m.returned, 0) - coalesce(d.amount, 0) as held
        from job_funders f left join moved m using (job_id, account_id) left join paid d using (job_id, account_id)
        where f.account_id is not null and f.job_id in (select job_id from shared))
    select job_id as job, account_id as account, share_bps as share, put::bigint as put, returned::bigint as returned, held::bigint as held, added_at, address from funder
    union all
    select s.job_id, s.owner, null, coalesce(m.put, 0)::bigint, coalesce(m.returned, 0)::bigint,
      ((select coalesce(sum(amount_micro), 0) from job_postings p where p.job_id = s.job_id and p.side <> 'clearing') - (select sum(held) from funder f where f.job_id = s.job_id))::bigint, null, null
    from shared s left join moved m on m.job_id = s.job_id and m.account_id = s.owner
    order by job, added_at nulls last, address`;
  const byJob = Map.groupBy(rows, ({ job }) => idOf("job", job));
  return new Map([...byJob].map(([jobId, stakes]) => [jobId, withOwnersShare(stakes)]));
}

function withOwnersShare(rows: readonly Row[]): JobStake[] {
  const ofOthers = rows.reduce((sum, { share }) => sum + (share ?? 0), 0);
  return rows.map(({ account, share, put, returned, held }) => ({
    accountId: idOf("acc", account),
    shareBps: share ?? WHOLE_BPS - ofOthers,
    putMicro: put,
    returnedMicro: returned,
    heldMicro: held,
  }));
}

/** The stakes of one job; null where all of its money is its owner's. */
export async function findStakes(reader: Reader, jobId: JobId): Promise<JobStake[] | null> {
  return (await mapStakes(reader, [jobId])).get(jobId) ?? null;
}

/** Notes whose money an epoch takes over from a job. */
export async function insertEpochStakes(
  tx: Tx,
  epoch: { chainId: number; no: number },
  parts: readonly { jobId: JobId; accountId: AccountId; amountMicro: Micro }[],
): Promise<void> {
  const kept = parts.filter(({ amountMicro }) => amountMicro > 0n);
  if (kept.length === 0) return;
  await tx`
    insert into epoch_stakes (chain_id, epoch_no, job_id, account_id, amount_micro)
    select ${epoch.chainId}::int, ${epoch.no}::int, * from unnest(${kept.map(({ jobId }) => uuidOf(jobId))}::uuid[], ${kept.map(({ accountId }) => uuidOf(accountId))}::uuid[],
      ${kept.map(({ amountMicro }) => String(amountMicro))}::bigint[])`;
}
