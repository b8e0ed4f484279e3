import "server-only";
import { type AccountId, type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import type { AccountSide } from "#lib/domain/ledger/sides.ts";
import { splitReturn, totalHeld } from "#lib/domain/ledger/stakes.ts";
import type { Reader, Tx } from "../db/client.ts";
import { sumAccount, sumDevice } from "./posting-sum-store.ts";
import { findStakes } from "./stake-store.ts";

/** What names a group of accounts' postings, and on which chain all of its money is. */
type AccountGroup = { ref: string; purse: number };
/** One line of a posting group of accounts. */
export type AccountPosting = { accountId: AccountId; side: AccountSide; amountMicro: Micro };
/** One line of a posting group on a job's side. */
export type JobPosting =
  | { side: "escrow" | "clearing" | "fee" | "reserve"; amountMicro: Micro }
  | { side: "pending" | "earned"; deviceId: DeviceId; amountMicro: Micro };

/** A posting group that does not sum to zero, or says something else than one of its ref did, is a fault of ours: nothing of the transaction may stay. */
class PostingGroupError extends Error {
  override name = "PostingGroupError";
}

/**
 * Inserts a group of an account's postings. Returns false, changing nothing, if the same group was posted before.
 * The statement itself refuses a group that does not sum to zero. Throws if the ref was posted before with other lines.
 */
export async function postAccountGroup(tx: Tx, { ref, purse }: AccountGroup, lines: readonly AccountPosting[]): Promise<boolean> {
  const kept = lines.filter((line) => line.amountMicro !== 0n);
  if (kept.length === 0) return true;
  const rows = await tx`
    insert into account_postings (account_id, ref, side, amount_micro, purse)
    select account_id, ${ref}, side, amount, ${purse}::int from
      unnest(${kept.map((l) => uuidOf(l.accountId))}::uuid[], ${kept.map((l) => l.side)}::text[], ${kept.map((l) => String(l.amountMicro))}::bigint[]) as line (account_id, side, amount)
    where (select sum(amount) from unnest(${kept.map((l) => String(l.amountMicro))}::bigint[]) as amount) = 0
    on conflict do nothing returning side`;
  return await judgeInsert({ ref, inserted: rows.length, lines: kept }, async () => {
    const stored = await tx<StoredLine[]>`select account_id as holder, side, amount_micro as "amountMicro", purse from account_postings where ref = ${ref}`;
    return isSameGroup(
      kept.map((l) => ({ ...l, holder: uuidOf(l.accountId), purse })),
      stored,
    );
  });
}

/** Inserts a group of a job's postings, with the same promises. */
export async function postJobGroup(tx: Tx, group: { jobId: JobId; ref: string; lines: readonly JobPosting[] }): Promise<boolean> {
  const kept = group.lines.filter((line) => line.amountMicro !== 0n);
  if (kept.length === 0) return true;
  const amounts = kept.map((l) => String(l.amountMicro));
  const rows = await tx`
    insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
    select ${uuidOf(group.jobId)}::uuid, ${group.ref}, line, side, device_id, amount from
      unnest(${kept.map((_, i) => i)}::int[], ${kept.map((l) => l.side)}::text[], ${kept.map((l) => ("deviceId" in l ? uuidOf(l.deviceId) : null))}::uuid[], ${amounts}::bigint[])
        as posting (line, side, device_id, amount)
    where (select sum(amount) from unnest(${amounts}::bigint[]) as amount) = 0
    on conflict do nothing returning line`;
  return await judgeInsert({ ref: group.ref, inserted: rows.length, lines: kept }, async () => {
    const stored = await tx<StoredLine[]>`
      select device_id as holder, side, amount_micro as "amountMicro" from job_postings where job_id = ${uuidOf(group.jobId)} and ref = ${group.ref}`;
    return isSameGroup(
      kept.map((l) => ({ ...l, holder: "deviceId" in l ? uuidOf(l.deviceId) : null })),
      stored,
    );
  });
}

type StoredLine = { holder: string | null; side: string; amountMicro: Micro; purse?: number };

type Inserted = { ref: string; inserted: number; lines: readonly { amountMicro: Micro }[] };

/** What is stored is compared only where nothing was inserted, so that an ordinary posting costs one statement. */
async function judgeInsert({ ref, inserted, lines }: Inserted, isStored: () => Promise<boolean>): Promise<boolean> {
  const sum = lines.reduce((total, line) => total + line.amountMicro, 0n);
  if (sum !== 0n) throw new PostingGroupError(`posting group ${ref} sums to ${sum}`);
  if (inserted === lines.length) return true;
  if (inserted === 0 && (await isStored())) return false;
  throw new PostingGroupError(`posting group ${ref} was posted before with other lines`);
}

function isSameGroup(one: readonly StoredLine[], other: readonly StoredLine[]): boolean {
  const namesOf = (lines: readonly StoredLine[]) =>
    lines.map(({ holder, side, amountMicro, purse }) => [holder?.replaceAll("-", ""), side, amountMicro, purse].join(" ")).sort();
  return namesOf(one).join() === namesOf(other).join();
}

/** What an account can spend out of a purse, and what its jobs hold in escrow of it. Locks nothing. */
export async function getAccountBalance(reader: Reader, accountId: AccountId, purse: number): Promise<{ availableMicro: Micro; escrowMicro: Micro }> {
  const { sides } = await sumAccount(reader, accountId, purse);
  return { availableMicro: sides.available ?? 0n, escrowMicro: await getEscrow(reader, accountId, purse) };
}

/** What jobs that are not closed hold in escrow of the account's money of a purse: its own jobs, and its part of those that several funded. */
export async function getEscrow(reader: Reader, accountId: AccountId, purse: number): Promise<Micro> {
  return (await getOwnEscrow(reader, accountId, purse)) + (await correctShared(reader, accountId, purse));
}

/** Out of which purse a job is paid. */
export async function findPurse(reader: Reader, jobId: JobId): Promise<number> {
  const [row] = await reader<{ purse: number }[]>`select purse from jobs where id = ${uuidOf(jobId)}`;
  if (!row) throw new Error(`${jobId} is paid out of no purse, for there is no such job`);
  return row.purse;
}

/** Of jobs that several funded: the account's part, less what was counted as if all were their owner's. */
async function correctShared(reader: Reader, accountId: AccountId, purse: number): Promise<Micro> {
  const rows = await reader<{ id: string; isOwner: boolean }[]>`
    select distinct j.id, j.account_id = ${uuidOf(accountId)} as "isOwner" from job_funders f join jobs j on j.id = f.job_id
    where f.account_id is not null and (f.account_id = ${uuidOf(accountId)} or j.account_id = ${uuidOf(accountId)}) and j.closed_at is null and j.purse = ${purse}`;
  let correction = 0n;
  for (const { id, isOwner } of rows) {
    const jobId = idOf("job", id);
    const [stakes, { heldMicro }] = [await findStakes(reader, jobId), await getJobMoney(reader, jobId)];
    const own = stakes?.findIndex((stake) => stake.accountId === accountId) ?? -1;
    // Two readings: what returned between them is in one of the two.
    correction += (stakes ? (splitReturn(stakes, least(heldMicro, totalHeld(stakes)))[own] ?? 0n) : 0n) - (isOwner ? heldMicro : 0n);
  }
  return correction;
}

async function getOwnEscrow(reader: Reader, accountId: AccountId, purse: number): Promise<Micro> {
  const [row] = await reader<{ escrow: bigint }[]>`
    select coalesce(sum(p.amount_micro), 0)::bigint as escrow from job_postings p join jobs j on j.id = p.job_id
    where j.account_id = ${uuidOf(accountId)} and j.closed_at is null and j.purse = ${purse} and p.side = 'escrow'`;
  return row?.escrow ?? 0n;
}

/** spent = what devices got + fee. */
export type JobMoney = { reservedMicro: Micro; spentMicro: Micro; feeMicro: Micro; returnedMicro: Micro; heldMicro: Micro };

/**
 * A job's money: what was reserved for it, what its verified replicas and fees cost (pay that was forfeited among it), what
 * went back. reserved = spent + returned + still held. That an epoch
 * takes over what was spent changes none of it.
 */
export async function getJobMoney(reader: Reader, jobId: JobId): Promise<JobMoney> {
  const [row] = await reader<{ reserved: bigint; spent: bigint; fee: bigint; returned: bigint; held: bigint }[]>`
    select
      coalesce(-sum(amount_micro) filter (where side = 'clearing' and amount_micro < 0), 0)::bigint as reserved,
      coalesce(sum(amount_micro) filter (where side in ('pending', 'earned', 'fee', 'reserve')), 0)::bigint as spent,
      coalesce(sum(amount_micro) filter (where side = 'fee'), 0)::bigint as fee,
      coalesce(sum(amount_micro) filter (where side = 'clearing' and amount_micro > 0), 0)::bigint as returned,
      coalesce(sum(amount_micro) filter (where side = 'escrow'), 0)::bigint as held
    from job_postings where job_id = ${uuidOf(jobId)} and not (ref ^@ 'payout:' or ref ^@ 'payback:')`;
  return {
    reservedMicro: row?.reserved ?? 0n,
    spentMicro: row?.spent ?? 0n,
    feeMicro: row?.fee ?? 0n,
    returnedMicro: row?.returned ?? 0n,
    heldMicro: row?.held ?? 0n,
  };
}

/** What a device was paid over all jobs and was not taken back, vested or not. */
export async function getDeviceEarnings(reader: Reader, deviceId: DeviceId): Promise<Micro> {
  return (await sumDevice(reader, deviceId)).paidMicro;
}
