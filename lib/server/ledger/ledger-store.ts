import "server-only";
import { type AccountId, type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Reader, Tx } from "../db/client.ts";

/** One line of a posting group on the owner's side. */
export type AccountPosting = { accountId: AccountId; side: "available" | "clearing" | "issued"; amountMicro: Micro };
/** One line of a posting group on a job's side. */
export type JobPosting = { side: "escrow" | "clearing" | "fee"; amountMicro: Micro } | { side: "earned"; deviceId: DeviceId; amountMicro: Micro };

/** A posting group that does not sum to zero is a fault of ours: nothing of the transaction may stay. */
class UnbalancedGroupError extends Error {
  override name = "UnbalancedGroupError";
}

/**
 * Inserts a group of an account's postings. Returns false, changing nothing, if the group's ref was posted before.
 * The statement itself refuses a group that does not sum to zero.
 */
export async function postAccountGroup(tx: Tx, ref: string, lines: readonly AccountPosting[]): Promise<boolean> {
  const kept = lines.filter((line) => line.amountMicro !== 0n);
  if (kept.length === 0) return true;
  const rows = await tx`
    insert into account_postings (account_id, ref, side, amount_micro)
    select account_id, ${ref}, side, amount from
      unnest(${kept.map((l) => uuidOf(l.accountId))}::uuid[], ${kept.map((l) => l.side)}::text[], ${kept.map((l) => String(l.amountMicro))}::bigint[]) as line (account_id, side, amount)
    where (select sum(amount) from unnest(${kept.map((l) => String(l.amountMicro))}::bigint[]) as amount) = 0
    on conflict do nothing returning side`;
  return await judgeInsert(rows.length, kept.length, ref, sumOf(kept));
}

/** Inserts a group of a job's postings, with the same promises. */
export async function postJobGroup(tx: Tx, group: { jobId: JobId; ref: string; lines: readonly JobPosting[] }): Promise<boolean> {
  const kept = group.lines.filter((line) => line.amountMicro !== 0n);
  if (kept.length === 0) return true;
  const amounts = kept.map((l) => String(l.amountMicro));
  const rows = await tx`
    insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
    select ${uuidOf(group.jobId)}::uuid, ${group.ref}, line, side, device_id, amount from
      unnest(${kept.map((_, i) => i)}::smallint[], ${kept.map((l) => l.side)}::text[], ${kept.map((l) => (l.side === "earned" ? uuidOf(l.deviceId) : null))}::uuid[], ${amounts}::bigint[])
        as posting (line, side, device_id, amount)
    where (select sum(amount) from unnest(${amounts}::bigint[]) as amount) = 0
    on conflict do nothing returning line`;
  return await judgeInsert(rows.length, kept.length, group.ref, sumOf(kept));
}

function sumOf(lines: readonly { amountMicro: Micro }[]): Micro {
  return lines.reduce((sum, line) => sum + line.amountMicro, 0n);
}

async function judgeInsert(inserted: number, wanted: number, ref: string, sum: Micro): Promise<boolean> {
  if (sum !== 0n) throw new UnbalancedGroupError(`posting group ${ref} sums to ${sum}`);
  if (inserted === wanted) return true;
  if (inserted === 0) return false;
  throw new UnbalancedGroupError(`posting group ${ref} was posted before with other lines`);
}

/** What an account can spend, and what its jobs hold in escrow. Locks nothing. */
export async function getAccountBalance(reader: Reader, accountId: AccountId): Promise<{ availableMicro: Micro; escrowMicro: Micro }> {
  const [row] = await reader<{ available: bigint; escrow: bigint }[]>`
    select
      (select coalesce(sum(amount_micro), 0)::bigint from account_postings where account_id = ${uuidOf(accountId)} and side = 'available') as available,
      (select coalesce(sum(p.amount_micro), 0)::bigint from job_postings p join jobs j on j.id = p.job_id
        where j.account_id = ${uuidOf(accountId)} and j.closed_at is null and p.side = 'escrow') as escrow`;
  return { availableMicro: row?.available ?? 0n, escrowMicro: row?.escrow ?? 0n };
}

/** A job's money: what was reserved for it, what its verified replicas and fees cost, what went back. reserved = spent + returned + still held. */
export async function getJobMoney(reader: Reader, jobId: JobId): Promise<{ reservedMicro: Micro; spentMicro: Micro; returnedMicro: Micro; heldMicro: Micro }> {
  const [row] = await reader<{ reserved: bigint; spent: bigint; returned: bigint; held: bigint }[]>`
    select
      coalesce(-sum(amount_micro) filter (where side = 'clearing' and amount_micro < 0), 0)::bigint as reserved,
      coalesce(sum(amount_micro) filter (where side in ('earned', 'fee')), 0)::bigint as spent,
      coalesce(sum(amount_micro) filter (where side = 'clearing' and amount_micro > 0), 0)::bigint as returned,
      coalesce(sum(amount_micro) filter (where side = 'escrow'), 0)::bigint as held
    from job_postings where job_id = ${uuidOf(jobId)}`;
  return { reservedMicro: row?.reserved ?? 0n, spentMicro: row?.spent ?? 0n, returnedMicro: row?.returned ?? 0n, heldMicro: row?.held ?? 0n };
}

/** What a device earned over all jobs. */
export async function getDeviceEarnings(reader: Reader, deviceId: DeviceId): Promise<Micro> {
  const [row] = await reader<{ earned: bigint }[]>`
    select coalesce(sum(amount_micro), 0)::bigint as earned from job_postings where device_id = ${uuidOf(deviceId)} and side = 'earned'`;
  return row?.earned ?? 0n;
}
