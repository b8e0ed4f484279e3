import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { PLATFORM_ACCOUNT } from "#lib/domain/ledger/platform.ts";
import type { Candidate, Debit, Take } from "#lib/domain/payouts/plan-epoch.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Devices of one posting group: a group stays short enough to be read by somebody. */
const GROUP_DEVICES = 10_000;

/** To whom vested earnings can go: an account with a wallet, or the reserve for a device that nobody linked in time. */
export type PayeeRule = { reserveId: AccountId | null; unlinkedBefore: Date };

const reserveOf = (rule: PayeeRule) => (rule.reserveId ? uuidOf(rule.reserveId) : null);

/** What each device has vested in a job and can be paid, and to which account. */
function payable(reader: Reader, jobId: JobId, rule: PayeeRule) {
  return reader`
    select v.device_id, coalesce(d.account_id, ${reserveOf(rule)}::uuid) as account_id, v.amount
    from (select device_id, sum(amount_micro) as amount from job_postings where job_id = ${uuidOf(jobId)} and side = 'earned' group by device_id having sum(amount_micro) > 0) v
    join devices d on d.id = v.device_id left join accounts a on a.id = d.account_id
    where a.address ^@ '0x' or (d.account_id is null and ${reserveOf(rule)}::uuid is not null and d.last_seen_at < ${rule.unlinkedBefore})`;
}

/** Jobs paid out of a purse from which something can still come, oldest first. */
export async function listUnsettledJobs(reader: Reader, purse: number): Promise<{ jobId: JobId; ownerId: AccountId; isClosed: boolean }[]> {
  const rows = await reader<{ id: string; owner: string; closed: boolean }[]>`
    select id, account_id as owner, closed_at is not null as closed from jobs j where purse = ${purse} and not exists (select 1 from settled_jobs s where s.job_id = j.id) order by id`;
  return rows.map((row) => ({ jobId: idOf("job", row.id), ownerId: idOf("acc", row.owner), isClosed: row.closed }));
}

/** What a job could hand to an epoch, and whether anything of devices is left on its side at all. */
export async function getCandidate(reader: Reader, job: { jobId: JobId; ownerId: AccountId }, rule: PayeeRule): Promise<Candidate & { isEmpty: boolean }> {
  const [row] = await reader<{ net: bigint; fee: bigint; lies: boolean }[]>`
    select coalesce((select sum(amount) from (${payable(reader, job.jobId, rule)}) as p), 0)::bigint as net,
      coalesce((select sum(amount_micro) from job_postings where job_id = ${uuidOf(job.jobId)} and side = 'fee'), 0)::bigint as fee,
      exists (select 1 from job_postings where job_id = ${uuidOf(job.jobId)} and device_id is not null group by device_id having sum(amount_micro) <> 0) as lies`;
  return { ...job, netMicro: row?.net ?? 0n, feeMicro: row?.fee ?? 0n, isEmpty: row?.lies !== true };
}

/** Marks jobs that no epoch has to look at again. */
export async function markSettled(tx: Tx, jobIds: readonly JobId[]): Promise<void> {
  await tx`insert into settled_jobs (job_id) select unnest(${jobIds.map(uuidOf)}::uuid[]) on conflict do nothing`;
}

export type Taken = { jobId: JobId; ownerId: AccountId; netMicro: Micro; feeMicro: Micro; groups: number };

/**
 * Posts what an epoch takes from a job: from the devices' earnings over the clearing sides to the accounts they belong to, and the fee to the platform. Two groups
 * with one ref for each ten thousand devices.
 */
export async function postTake(tx: Tx, take: Take & { jobId: JobId; ownerId: AccountId; purse: number; no: number }, rule: PayeeRule): Promise<Taken> {
  const { jobId, ownerId, purse, no, share, whole, feeMicro } = take;
  const prefix = `payout:${jobId}:${no}:`;
  const [row] = await tx<{ net: bigint; groups: number }[]>`
    with part as (select device_id, floor(amount::numeric * ${String(share)}::numeric / ${String(whole)}::numeric)::bigint as amount from (${payable(tx, jobId, rule)}) as p),
      numbered as (select device_id, amount, row_number() over (order by device_id) - 1 as n from part where amount > 0),
      line as (select device_id, amount, n / ${GROUP_DEVICES}::int as group_no, (n % ${GROUP_DEVICES}::int + 1)::int as no from numbered),
      posted as (
        insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
        select ${uuidOf(jobId)}::uuid, ${prefix}::text || group_no, no, 'earned', device_id, -amount from line
        union all
        select ${uuidOf(jobId)}::uuid, ${prefix}::text || group_no, 0, 'clearing', null, sum(amount)::bigint from line group by group_no
        returning ref, side, amount_micro)
    select coalesce(sum(amount_micro), 0)::bigint as net, count(*)::int as groups from posted where side = 'clearing'`;
  const taken = { jobId, ownerId, netMicro: row?.net ?? 0n, feeMicro: (row?.net ?? 0n) > 0n ? feeMicro : 0n, groups: row?.groups ?? 0 };
  await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    select account_id, ref, side, amount * sign, ${purse}::int from (
      select coalesce(d.account_id, ${reserveOf(rule)}::uuid) as account_id, p.ref, -sum(p.amount_micro)::bigint as amount
      from job_postings p join devices d on d.id = p.device_id
      where p.job_id = ${uuidOf(jobId)} and p.ref = any(${refsOf(prefix, taken.groups)}::text[]) and p.side = 'earned' group by 1, 2
    ) as paid cross join (values ('publishing', 1), ('clearing', -1)) as sides (side, sign)`;
  if (taken.feeMicro > 0n) await postFee(tx, jobId, { ref: `${prefix}fee`, purse, feeMicro: taken.feeMicro });
  return taken;
}

function refsOf(prefix: string, groups: number): string[] {
  return Array.from({ length: groups }, (_, group) => `${prefix}${group}`);
}

async function postFee(tx: Tx, jobId: JobId, { ref, purse, feeMicro }: { ref: string; purse: number; feeMicro: Micro }): Promise<void> {
  await tx`
    insert into job_postings (job_id, ref, line, side, amount_micro)
    values (${uuidOf(jobId)}, ${ref}, 0, 'fee', ${String(-feeMicro)}), (${uuidOf(jobId)}, ${ref}, 1, 'clearing', ${String(feeMicro)})`;
  await tx`insert into accounts (id, address) values (${uuidOf(PLATFORM_ACCOUNT)}, 'platform') on conflict do nothing`;
  await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    values (${uuidOf(PLATFORM_ACCOUNT)}, ${ref}, 'clearing', ${String(-feeMicro)}, ${purse}), (${uuidOf(PLATFORM_ACCOUNT)}, ${ref}, 'fee', ${String(feeMicro)}, ${purse})`;
}

/** The epoch itself, with what it takes from which job and budget. */
export async function insertEpoch(
  tx: Tx,
  epoch: { chainId: number; no: number; cutAt: Date; taken: readonly Taken[]; debits: readonly Debit[] },
): Promise<void> {
  const { chainId, no, taken, debits } = epoch;
  const sum = (pick: (take: Taken) => Micro) => String(taken.reduce((total, take) => total + pick(take), 0n));
  await tx`
    insert into epochs (chain_id, no, state, cut_at, net_micro, fee_micro)
    values (${chainId}, ${no}, 'cut', ${epoch.cutAt}, ${sum((take) => take.netMicro)}, ${sum((take) => take.feeMicro)})`;
  await tx`
    insert into epoch_jobs (chain_id, epoch_no, job_id, net_micro, fee_micro, groups)
    select ${chainId}::int, ${no}::int, * from unnest(${taken.map((take) => uuidOf(take.jobId))}::uuid[], ${taken.map((take) => String(take.netMicro))}::bigint[],
      ${taken.map((take) => String(take.feeMicro))}::bigint[], ${taken.map((take) => take.groups)}::int[])`;
  await tx`
    insert into epoch_debits (chain_id, epoch_no, key, account_id, amount_micro)
    select ${chainId}::int, ${no}::int, * from unnest(${debits.map(({ key }) => key)}::text[], ${debits.map(({ ownerId }) => uuidOf(ownerId as AccountId))}::uuid[],
      ${debits.map(({ amountMicro }) => String(amountMicro))}::bigint[])`;
}

/** The purse that holds what accounts have on a chain. */
const purseOn = (reader: Reader, chainId: number) => reader`(select purse from pools where chain_id = ${chainId})`;

/** The refs of all groups of an epoch, with their jobs. */
function groupsOf(reader: Reader, chainId: number, no: number) {
  return reader`
    select job_id, 'payout:job_' || replace(job_id::text, '-', '') || ':' || epoch_no || ':' || part as ref
    from (
      select job_id, epoch_no, generate_series(0, groups - 1)::text as part from epoch_jobs where chain_id = ${chainId} and epoch_no = ${no}
      union all select job_id, epoch_no, 'fee' from epoch_jobs where chain_id = ${chainId} and epoch_no = ${no}
    ) as parts`;
}

/** What an epoch pays to each wallet, sorted by address in lower case, beyond one address; pages of at most `limit`. */
export async function listPaid(
  reader: Reader,
  chainId: number,
  page: { no: number; after: string; limit: number },
): Promise<{ account: `0x${string}`; amountMicro: Micro }[]> {
  return await reader<{ account: `0x${string}`; amountMicro: Micro }[]>`
    select lower(a.address) collate "C" as account, sum(p.amount_micro)::bigint as "amountMicro"
    from (${groupsOf(reader, chainId, page.no)}) as g join account_postings p on p.ref = g.ref and p.side = 'publishing' join accounts a on a.id = p.account_id
    where lower(a.address) collate "C" > ${page.after} group by 1 order by 1 limit ${page.limit}`;
}

/** All of it at once, for whoever checks the epoch. */
export async function mapPaid(reader: Reader, chainId: number, no: number): Promise<Map<string, Micro>> {
  const paid = await listPaid(reader, chainId, { no, after: "", limit: 2_147_483_647 });
  return new Map(paid.map(({ account, amountMicro }) => [account, amountMicro]));
}

/** What an epoch takes from each budget, by key as the contract wants it. */
export async function listDebits(reader: Reader, chainId: number, no: number): Promise<{ budget: `0x${string}`; amount: Micro }[]> {
  return await reader<{ budget: `0x${string}`; amount: Micro }[]>`
    select key collate "C" as budget, sum(amount_micro)::bigint as amount from epoch_debits where chain_id = ${chainId} and epoch_no = ${no} group by 1 order by 1`;
}

/** What an epoch takes from each job. */
export async function listEpochJobs(reader: Reader, chainId: number, no: number): Promise<{ jobId: JobId; netMicro: Micro; feeMicro: Micro }[]> {
  const rows = await reader<{ id: string; netMicro: Micro; feeMicro: Micro }[]>`
    select job_id as id, net_micro as "netMicro", fee_micro as "feeMicro" from epoch_jobs where chain_id = ${chainId} and epoch_no = ${no} order by job_id`;
  return rows.map(({ id, ...money }) => ({ jobId: idOf("job", id), ...money }));
}

/** Makes an epoch's earnings claimable. */
export async function postPublished(tx: Tx, chainId: number, no: number): Promise<void> {
  await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    select account_id, ${`publish:${chainId}:${no}`}::text, side, amount * sign, ${purseOn(tx, chainId)} from (
      select p.account_id, sum(p.amount_micro)::bigint as amount from (${groupsOf(tx, chainId, no)}) as g join account_postings p on p.ref = g.ref and p.side = 'publishing'
      group by p.account_id
    ) as paid cross join (values ('publishing', -1), ('published', 1)) as sides (side, sign)`;
}

/**
 * Books what the contracts did with an epoch: the budgets' owners have less there, the earners and the platform more; and what the instance had given to an owner is
 * paid out of the sponsor's own money.
 */
export async function postSettled(tx: Tx, chainId: number, no: number): Promise<void> {
  await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    select account_id, ${`settle:${chainId}:${no}`}::text, side, sum(amount)::bigint, ${purseOn(tx, chainId)} from (
      select b.account_id, 'chain' as side, d.amount_micro as amount from epoch_debits d join budgets b on b.chain_id = d.chain_id and b.key = d.key
        where d.chain_id = ${chainId} and d.epoch_no = ${no}
      union all
      select b.account_id, 'available', -d.amount_micro from epoch_debits d join budgets b on b.chain_id = d.chain_id and b.key = d.key
        where d.chain_id = ${chainId} and d.epoch_no = ${no} and b.account_id <> d.account_id
      union all
      select d.account_id, 'issued', d.amount_micro from epoch_debits d join budgets b on b.chain_id = d.chain_id and b.key = d.key
        where d.chain_id = ${chainId} and d.epoch_no = ${no} and b.account_id <> d.account_id
      union all
      select account_id, 'chain', -amount_micro from account_postings where ref = ${`publish:${chainId}:${no}`} and side = 'published'
      union all
      select ${uuidOf(PLATFORM_ACCOUNT)}::uuid, 'chain', -fee_micro from epochs where chain_id = ${chainId} and no = ${no} and fee_micro > 0
    ) as moved group by account_id, side having sum(amount) <> 0`;
}

/** Books an epoch back, line by line: afterwards its earnings are where they were, for the next one. */
export async function postBack(tx: Tx, chainId: number, no: number): Promise<void> {
  await tx`
    insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
    select p.job_id, 'payback' || substr(p.ref, length('payout') + 1), p.line, p.side, p.device_id, -p.amount_micro
    from (${groupsOf(tx, chainId, no)}) as g join job_postings p on p.job_id = g.job_id and p.ref = g.ref`;
  await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    select p.account_id, 'payback' || substr(p.ref, length('payout') + 1), p.side, -p.amount_micro, p.purse
    from (${groupsOf(tx, chainId, no)}) as g join account_postings p on p.ref = g.ref`;
  // They have something on their side again.
  await tx`delete from settled_jobs where job_id in (select job_id from epoch_jobs where chain_id = ${chainId} and epoch_no = ${no})`;
}

/** Money on the chain of a purse that the instance gave to owners and has not paid for, by owner. */
export async function listGranted(reader: Reader, ownerIds: readonly AccountId[], purse: number): Promise<Map<AccountId, Micro>> {
  const rows = await reader<{ id: string; amount: bigint }[]>`
    select account_id as id, -sum(amount_micro)::bigint as amount from account_postings where account_id = any(${ownerIds.map(uuidOf)}::uuid[]) and purse = ${purse} and side = 'issued'
    group by account_id having sum(amount_micro) < 0`;
  return new Map(rows.map((row) => [idOf("acc", row.id), row.amount]));
}
