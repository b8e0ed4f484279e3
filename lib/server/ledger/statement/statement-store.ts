import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { STATEMENT_KINDS } from "#lib/protocol/budgets/budgets.ts";
import type { Reader } from "../../db/client.ts";
import type { Position } from "./read-position.ts";

type StatementKind = (typeof STATEMENT_KINDS)[number];
export type StatementFilter = { kind?: StatementKind | undefined; jobId?: JobId | undefined; from?: string | undefined; to?: string | undefined };
type StatementRow = Position & {
  at: Date;
  kind: StatementKind;
  amountMicro: Micro;
  jobId: JobId | null;
  jobName: string | null;
  txHash: string | null;
  purse: number;
};

/** What moved the money that an account can spend, newest first. */
export async function listStatementRows(
  reader: Reader,
  accountId: AccountId,
  page: { filter: StatementFilter; before: Position | null; limit: number },
): Promise<StatementRow[]> {
  const { filter, before, limit } = page;
  const rows = await reader<(Omit<StatementRow, "jobId"> & { jobId: string | null })[]>`
    select s.us::text, s.tie, s.created_at as at, s.kind, s.amount_micro as "amountMicro", s.job_id as "jobId", j.name as "jobName", s.tx_hash as "txHash", s.purse from (
      select *, substring(ref from '^(?:fund|refund):job_([0-9a-f]{32})')::uuid as job_id, substring(ref from '^(?:deposit|withdraw):[0-9]+:(0x[0-9a-f]{64})') as tx_hash from (
        select *, (extract(epoch from created_at) * 1000000)::bigint as us, md5(ref) as tie,
          case split_part(ref, ':', 1) when 'deposit' then 'deposit' when 'faucet' then 'grant' when 'fund' then 'reserve' when 'refund' then 'refund'
            when 'release' then 'release' when 'unrelease' then 'release' when 'withdraw' then 'withdraw' else 'other' end as kind
        from account_postings where account_id = ${uuidOf(accountId)} and side = 'available'
          and created_at >= coalesce(${filter.from ?? null}::timestamptz, '-infinity') and created_at < coalesce(${filter.to ?? null}::timestamptz, 'infinity')
          and created_at <= coalesce(to_timestamp(${before?.us ?? null}::bigint / 1000000.0) + interval '1 millisecond', 'infinity')
      ) as moved
      where (${filter.kind ?? null}::text is null or kind = ${filter.kind ?? null})
        and (${before?.us ?? null}::bigint is null or (us, tie) < (${before?.us ?? null}::bigint, ${before?.tie ?? null}))
    ) as s left join jobs j on j.id = s.job_id
    where (${filter.jobId ? uuidOf(filter.jobId) : null}::uuid is null or s.job_id = ${filter.jobId ? uuidOf(filter.jobId) : null}::uuid)
    order by s.created_at desc, s.tie desc limit ${limit}`;
  return rows.map((row) => ({ ...row, jobId: row.jobId ? idOf("job", row.jobId) : null }));
}

export type InvoicedJob = { jobId: JobId; name: string; state: string; createdAt: Date; endedAt: Date | null; acceptedShards: number };

/** Jobs of an account by when they were submitted, oldest first, after one that was read before. */
export async function listInvoicedJobs(
  reader: Reader,
  accountId: AccountId,
  page: { from: string | undefined; to: string | undefined; after: JobId | null; limit: number },
): Promise<InvoicedJob[]> {
  const rows = await reader<(Omit<InvoicedJob, "jobId"> & { jobId: string })[]>`
    select id as "jobId", name, state, created_at as "createdAt", ended_at as "endedAt",
      (select coalesce(sum(accepted), 0)::int from job_counters c where c.job_id = j.id) as "acceptedShards"
    from jobs j where account_id = ${uuidOf(accountId)}
      and created_at >= coalesce(${page.from ?? null}::timestamptz, '-infinity') and created_at < coalesce(${page.to ?? null}::timestamptz, 'infinity')
      and (${page.after ? uuidOf(page.after) : null}::uuid is null or id > ${page.after ? uuidOf(page.after) : null}::uuid)
    order by id limit ${page.limit}`;
  return rows.map((row) => ({ ...row, jobId: idOf("job", row.jobId) }));
}
