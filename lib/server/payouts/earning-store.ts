import "server-only";
import { type AccountId, type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { EARNING_KINDS } from "#lib/protocol/payouts/payouts.ts";
import type { Reader } from "../db/client.ts";

export type EarningKind = (typeof EARNING_KINDS)[number];
export type EarningFilter = {
  kind?: EarningKind | undefined;
  deviceId?: DeviceId | undefined;
  jobId?: JobId | undefined;
  from?: string | undefined;
  to?: string | undefined;
};
/** Rows older than this one: its moment in microseconds, and what orders rows of one moment. */
export type Position = { us: string; tie: string };
export type Earning = Position & {
  at: Date;
  kind: EarningKind;
  amountMicro: Micro;
  deviceId: DeviceId | null;
  jobId: JobId | null;
  epoch: number | null;
  txHash: string | null;
  purse: number;
};

type Row = Omit<Earning, "deviceId" | "jobId"> & { deviceId: string | null; jobId: string | null };

/** The filter as parameters of a statement; null where nothing is asked. */
function parametersOf(filter: EarningFilter, before: Position | null) {
  return {
    kinds: filter.kind ? [filter.kind] : null,
    device: filter.deviceId ? uuidOf(filter.deviceId) : null,
    job: filter.jobId ? uuidOf(filter.jobId) : null,
    from: filter.from ?? null,
    to: filter.to ?? null,
    us: before?.us ?? null,
    tie: before?.tie ?? null,
  };
}
type Parameters = ReturnType<typeof parametersOf> & { account: string; limit: number };

/**
 * Movements of an account's earnings, newest first. What its devices earned is read by device and time, so a page costs the same however long the history
 * is; a device that belonged to somebody else before shows what it earned since. That pay has vested is no movement: it was earned before.
 */
export async function listEarningRows(
  reader: Reader,
  accountId: AccountId,
  page: { filter: EarningFilter; before: Position | null; limit: number },
): Promise<Earning[]> {
  const parameters = { ...parametersOf(page.filter, page.before), account: uuidOf(accountId), limit: page.limit };
  const rows = await reader<Row[]>`
    select us::text, tie, created_at as at, kind, abs(amount_micro) as "amountMicro", device_id as "deviceId", job_id as "jobId", epoch, tx_hash as "txHash", purse
    from (${devicePart(reader, parameters)} union all ${accountPart(reader, parameters)}) as rows
    order by us desc, tie desc limit ${page.limit}`;
  return rows.map((row) => ({ ...row, deviceId: row.deviceId ? idOf("dev", row.deviceId) : null, jobId: row.jobId ? idOf("job", row.jobId) : null }));
}

function devicePart(reader: Reader, { account, kinds, device, job, from, to, us, tie, limit }: Parameters) {
  return reader`
    select p.us, p.tie, p.created_at, p.kind, p.amount_micro, p.device_id, p.job_id, null::int as epoch, null::text as tx_hash, (select purse from jobs where id = p.job_id) as purse
    from (select id, coalesce(unlinked_at, '-infinity') as since from devices where account_id = ${account} and (${device}::uuid is null or id = ${device}::uuid)) d
    cross join lateral (
      select * from (
        select *, (extract(epoch from created_at) * 1000000)::bigint as us, md5(job_id || ref || line) as tie,
          case when amount_micro > 0 then 'earned' else 'taken_back' end as kind
        from job_postings where device_id = d.id and created_at >= d.since
          and created_at >= coalesce(${from}::timestamptz, '-infinity') and created_at < coalesce(${to}::timestamptz, 'infinity')
          and created_at <= coalesce(to_timestamp(${us}::bigint / 1000000.0) + interval '1 millisecond', 'infinity')
          and not (ref ^@ 'payout:' or ref ^@ 'payback:' or ref ^@ 'vest:')
      ) as own
      where (${kinds}::text[] is null or kind = any(${kinds}::text[])) and (${job}::uuid is null or job_id = ${job}::uuid)
        and (${us}::bigint is null or (us, tie) < (${us}::bigint, ${tie}::text))
      order by created_at desc, tie desc limit ${limit}
    ) as p`;
}

function accountPart(reader: Reader, { account, kinds, device, job, from, to, us, tie, limit }: Parameters) {
  return reader`
    select * from (
      select us, tie, created_at, kind, amount_micro, null::uuid, substring(ref from '^(?:payout|payback):job_([0-9a-f]{32})')::uuid,
        coalesce(substring(ref from '^(?:payout|payback):job_[0-9a-f]{32}:([0-9]+)'), substring(ref from '^publish:[0-9]+:([0-9]+)'))::int,
        substring(ref from '^claim:[0-9]+:(0x[0-9a-f]{64})'), purse
      from (
        select *, (extract(epoch from created_at) * 1000000)::bigint as us, md5(ref || side) as tie,
          case when side = 'publishing' and ref ^@ 'payout:' then 'published' when side = 'publishing' and ref ^@ 'payback:' then 'vetoed'
            when side = 'published' and ref ^@ 'publish:' then 'claimable' when side = 'published' and ref ^@ 'claim:' then 'claimed' end as kind
        from account_postings where account_id = ${account} and side in ('publishing', 'published') and ${device}::uuid is null
          and created_at >= coalesce(${from}::timestamptz, '-infinity') and created_at < coalesce(${to}::timestamptz, 'infinity')
      ) as moved
      where kind is not null and (${kinds}::text[] is null or kind = any(${kinds}::text[]))
        and (${job}::text is null or strpos(ref, 'job_' || ${job}::text) > 0)
        and (${us}::bigint is null or (us, tie) < (${us}::bigint, ${tie}::text))
      order by us desc, tie desc limit ${limit}
    ) as of_account`;
}
