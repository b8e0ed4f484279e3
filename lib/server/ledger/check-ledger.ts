import "server-only";
import type { Reader } from "../db/client.ts";

export type LedgerProblem = { law: string; where: string; amountMicro: bigint };

/**
 * Proves the books of a database: every posting group sums to zero on its side, transfers mirror each other, no escrow or balance is negative,
 * a closed job holds nothing, and each settled replica was paid once. Returns every violation; an empty list is the proof.
 */
export async function checkLedger(reader: Reader): Promise<LedgerProblem[]> {
  return await reader<LedgerProblem[]>`
    select 'a job group sums to zero' as law, job_id || ' ' || ref as where, sum(amount_micro)::bigint as "amountMicro" from job_postings group by job_id, ref having sum(amount_micro) <> 0
    union all
    select 'an account group sums to zero', ref, sum(amount_micro)::bigint from account_postings group by ref having sum(amount_micro) <> 0
    union all
    select 'transfers mirror each other', coalesce(a.ref, j.ref), coalesce(a.amount, 0) + coalesce(j.amount, 0)
      from (select ref, sum(amount_micro)::bigint as amount from account_postings where side = 'clearing' group by ref) a
      full join (select ref, sum(amount_micro)::bigint as amount from job_postings where side = 'clearing' group by ref) j on j.ref = a.ref
      where coalesce(a.amount, 0) + coalesce(j.amount, 0) <> 0
    union all
    select 'no escrow is negative', job_id::text, sum(amount_micro)::bigint from job_postings where side = 'escrow' group by job_id having sum(amount_micro) < 0
    union all
    select 'no balance is negative', account_id::text, sum(amount_micro)::bigint from account_postings where side = 'available' group by account_id having sum(amount_micro) < 0
    union all
    select 'a closed job holds nothing', p.job_id::text, sum(p.amount_micro)::bigint from job_postings p join jobs j on j.id = p.job_id
      where j.closed_at is not null and p.side = 'escrow' group by p.job_id having sum(p.amount_micro) <> 0
    union all
    select 'every settled replica is paid once', j.id::text, (coalesce(p.earned, 0) - coalesce(s.settled, 0) * j.price_micro)::bigint
      from jobs j
      left join (select job_id, sum(amount_micro) as earned from job_postings where side = 'earned' and not (ref ^@ 'payout:' or ref ^@ 'payback:') group by job_id) p on p.job_id = j.id
      left join (select job_id, count(*) as settled from results where settled_at is not null group by job_id) s on s.job_id = j.id
      where coalesce(p.earned, 0) <> coalesce(s.settled, 0) * j.price_micro`;
}
