import "server-only";
import type { Reader } from "../db/client.ts";
import { mapStakes } from "./stake-store.ts";

/** Each law of the postings, and what finds where it is broken and by how much. */
const LAWS = {
  "a job group sums to zero": (reader: Reader) =>
    reader`select job_id || ' ' || ref, sum(amount_micro)::bigint from job_postings group by job_id, ref having sum(amount_micro) <> 0`,
  "an account group sums to zero": (reader: Reader) =>
    reader`select ref, sum(amount_micro)::bigint from account_postings group by ref, purse having sum(amount_micro) <> 0`,
  "transfers mirror each other": (reader: Reader) => reader`
      select coalesce(a.ref, j.ref), coalesce(a.amount, 0) + coalesce(j.amount, 0)
      from (select ref, sum(amount_micro)::bigint as amount from account_postings where side = 'clearing' group by ref) a
      full join (select ref, sum(amount_micro)::bigint as amount from job_postings where side = 'clearing' group by ref) j on j.ref = a.ref
      where coalesce(a.amount, 0) + coalesce(j.amount, 0) <> 0`,
  "no escrow is negative": (reader: Reader) =>
    reader`select job_id::text, sum(amount_micro)::bigint from job_postings where side = 'escrow' group by job_id having sum(amount_micro) < 0`,
  "no balance is negative": (reader: Reader) =>
    reader`select account_id || ' ' || purse, sum(amount_micro)::bigint from account_postings where side = 'available' group by account_id, purse having sum(amount_micro) < 0`,
  "nothing is published, claimed or released twice": (reader: Reader) => reader`
      select account_id || ' ' || side || ' ' || purse, sum(amount_micro)::bigint from account_postings
      where side in ('publishing', 'published', 'releasing', 'fee') group by account_id, side, purse having sum(amount_micro) < 0`,
  "a job moves money of its own chain": (reader: Reader) => reader`
      select a.ref, sum(abs(a.amount_micro))::bigint
      from (select distinct ref, job_id from job_postings where side = 'clearing') p join jobs j on j.id = p.job_id join account_postings a on a.ref = p.ref
      where a.purse <> j.purse group by a.ref`,
  "the contracts hold what the books say": (reader: Reader) => reader`
      select a.id || ' ' || a.purse, a.held - coalesce(b.balance, 0) - coalesce(d.taken, 0)
      from (select account_id as id, purse, -sum(amount_micro) filter (where side = 'chain') - coalesce(sum(amount_micro) filter (where side = 'published'), 0) as held
        from account_postings where side in ('chain', 'published') group by account_id, purse having bool_or(side = 'chain')) a
      left join (select b.account_id, c.purse, sum(b.balance_micro) as balance from budgets b join pools c on c.chain_id = b.chain_id group by 1, 2) b on b.account_id = a.id and b.purse = a.purse
      left join (select b.account_id, c.purse, sum(d.amount_micro) as taken from epoch_debits d join epochs e on e.chain_id = d.chain_id and e.no = d.epoch_no and e.state = 'proposed'
        join budgets b on b.chain_id = d.chain_id and b.key = d.key join pools c on c.chain_id = d.chain_id group by 1, 2) d on d.account_id = a.id and d.purse = a.purse
      where a.held <> coalesce(b.balance, 0) + coalesce(d.taken, 0) and not exists (select 1 from accounts p where p.id = a.id and p.address = 'platform')`,
  "an epoch takes what it pays": (reader: Reader) => reader`
      select e.chain_id || ' ' || e.no, (e.net_micro + e.fee_micro - coalesce(d.taken, 0))::bigint
      from epochs e left join (select chain_id, epoch_no, sum(amount_micro) as taken from epoch_debits group by chain_id, epoch_no) d on d.chain_id = e.chain_id and d.epoch_no = e.no
      where e.net_micro + e.fee_micro <> coalesce(d.taken, 0)`,
  "the leaves add up": (reader: Reader) => reader`
      select e.chain_id || ' ' || e.no, (e.total_micro - s.net)::bigint
      from epochs e cross join lateral (select sum(f.net_micro) as net from epochs f where f.chain_id = e.chain_id and f.no <= e.no and (f.state = 'finalized' or f.no = e.no)) s
      where e.state <> 'vetoed' and e.total_micro is not null and e.total_micro <> s.net`,
  "a closed job holds nothing": (reader: Reader) => reader`
      select p.job_id::text, sum(p.amount_micro)::bigint from job_postings p join jobs j on j.id = p.job_id
      where j.closed_at is not null and p.side = 'escrow' group by p.job_id having sum(p.amount_micro) <> 0`,
  "what an epoch takes from a shared job is somebody's": (reader: Reader) => reader`
      select j.chain_id || ' ' || j.epoch_no || ' ' || j.job_id, (j.net_micro + j.fee_micro - s.amount)::bigint
      from epoch_jobs j join (select chain_id, epoch_no, job_id, sum(amount_micro) as amount from epoch_stakes group by 1, 2, 3) s using (chain_id, epoch_no, job_id)
      where j.net_micro + j.fee_micro <> s.amount`,
  "every settled replica is paid once": (reader: Reader) => reader`
      select j.id::text, (coalesce(p.earned, 0) - coalesce(s.settled, 0) * j.price_micro)::bigint
      from jobs j
      left join (select job_id, sum(amount_micro) as earned from job_postings
        where (side in ('pending', 'earned') and not (ref ^@ 'payout:' or ref ^@ 'payback:' or ref ^@ 'taken:')) or (side = 'reserve' and amount_micro > 0) group by job_id) p on p.job_id = j.id
      left join (select job_id, sum(settled) as settled from (
          select job_id, count(*) as settled from results where settled_at is not null group by job_id
          union all select job_id, sum(settled) from result_archives group by job_id) both_places group by job_id) s on s.job_id = j.id
      where coalesce(p.earned, 0) <> coalesce(s.settled, 0) * j.price_micro`,
  "nobody forfeits more than is pending": (reader: Reader) => reader`
      select job_id || ' ' || device_id, sum(amount_micro)::bigint from job_postings
      where side = 'pending' group by job_id, device_id having sum(amount_micro) < 0`,
  "no reserve is negative": (reader: Reader) =>
    reader`select job_id::text, sum(amount_micro)::bigint from job_postings where side = 'reserve' group by job_id having sum(amount_micro) < 0`,
};
const STAKES_LAW = "nobody got more out of a job than they put in";

export type LedgerLaw = keyof typeof LAWS | typeof STAKES_LAW;
export type LedgerProblem = { law: LedgerLaw; where: string; amountMicro: bigint };

/** Every law that `checkLedger` proves. */
export const LEDGER_LAWS: readonly LedgerLaw[] = [STAKES_LAW, ...(Object.keys(LAWS) as (keyof typeof LAWS)[])];

/**
 * Proves the books of a database: every posting group sums to zero on its side, transfers mirror each other, no escrow or balance is negative,
 * a closed job holds nothing, money stays on its chain, nobody got more out of a job than they put in, each settled replica was paid once, nobody lost what they did not have, and what the contracts hold and epochs publish is what
 * the postings say. Returns every violation; an empty list is the proof.
 */
export async function checkLedger(reader: Reader): Promise<LedgerProblem[]> {
  return [...(await checkStakes(reader)), ...(await checkPostings(reader))];
}

/** Nobody took more out of a job that several funded, or paid more of it, than they put in. */
async function checkStakes(reader: Reader): Promise<LedgerProblem[]> {
  const jobs = [...(await mapStakes(reader, null))];
  return jobs.flatMap(([jobId, stakes]) =>
    stakes
      .filter(({ heldMicro }) => heldMicro < 0n)
      .map(({ accountId, heldMicro }) => ({ law: STAKES_LAW, where: `${jobId} ${accountId}`, amountMicro: heldMicro })),
  );
}

/** In one statement, so that all laws are about one moment. */
async function checkPostings(reader: Reader): Promise<LedgerProblem[]> {
  const parts = Object.entries(LAWS).map(([law, find]) => reader`select ${law}::text as law, found.* from (${find(reader)}) as found ("where", "amountMicro")`);
  return await reader<LedgerProblem[]>`${parts.reduce((all, part) => reader`${all} union all ${part}`)}`;
}
