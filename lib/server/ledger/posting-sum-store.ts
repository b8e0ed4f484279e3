import "server-only";
import { type AccountId, type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { AccountSide } from "#lib/domain/ledger/sides.ts";
import type { Db, Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";

/** What stands on each side of an account; sides without a posting are missing. `unfolded` counts the postings that had to be read one by one. */
export type AccountSums = { sides: Partial<Record<AccountSide, Micro>>; unfolded: number };
/** A device's pay: still revocable, vested but in no epoch, and all of it that was not taken back, ever. */
export type DeviceSums = { pendingMicro: Micro; vestedMicro: Micro; paidMicro: Micro; unfolded: number };

/** From so many postings on it pays to fold them into a sum. */
export const FOLD_AT = 2000;

/*
 * A sum covers what was written by transactions below `through`, the oldest that still ran when it was made: those have ended, so nothing can join it. After a
 * restore into another cluster transaction numbers begin anew; sums of another cluster are not read, and rows count by the numbers they kept, which is
 * right whatever they are, because folding and reading split the rows at one number.
 */
const cluster = (reader: Reader) => reader`(select system_identifier::text from pg_control_system())`;

/** Sums of an account by side, of what is on one chain. Reads one row for each side and what was posted since they were made. */
export async function sumAccount(reader: Reader, accountId: AccountId, purse: number): Promise<AccountSums> {
  const id = uuidOf(accountId);
  const rows = await reader<{ side: AccountSide; amount: bigint; count: bigint }[]>`
    with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and purse = ${purse} and cluster = ${cluster(reader)})
    select side, sum(amount_micro)::bigint as amount, sum(n)::bigint as count from (
      select side, amount_micro, 0 as n from folded
      union all
      select side, amount_micro, 1 from account_postings where account_id = ${id} and purse = ${purse} and written >= coalesce((select through from folded limit 1), '0'::xid8)
    ) as parts group by side`;
  return { sides: Object.fromEntries(rows.map((row) => [row.side, row.amount])), unfolded: rows.reduce((sum, row) => sum + Number(row.count), 0) };
}

/** The same of a device. What an epoch took, or a veto gave back, changes nothing of what it was paid. */
export async function sumDevice(reader: Reader, deviceId: DeviceId): Promise<DeviceSums> {
  const id = uuidOf(deviceId);
  const rows = await reader<{ side: "pending" | "earned" | "paid"; amount: bigint; count: bigint }[]>`
    with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and cluster = ${cluster(reader)})
    select side, sum(amount)::bigint as amount, sum(n)::bigint as count from (
      select side, amount_micro as amount, 0 as n from folded
      union all
      ${devicePart(reader, id)} and written >= coalesce((select through from folded limit 1), '0'::xid8) group by 1
    ) as parts (side, amount, n) group by side`;
  const of = (side: "pending" | "earned" | "paid") => rows.find((row) => row.side === side)?.amount ?? 0n;
  return { pendingMicro: of("pending"), vestedMicro: of("earned"), paidMicro: of("paid"), unfolded: rows.reduce((sum, row) => sum + Number(row.count), 0) };
}

/** Sums of a device's postings by side, and by `paid` what is no transfer to an epoch or back; the caller says of which. */
function devicePart(reader: Reader, id: string) {
  return reader`
    select kind.side, sum(case when kind.side = 'paid' then case when ref ^@ 'payout:' or ref ^@ 'payback:' then 0 else amount_micro end when kind.side = p.side then amount_micro else 0 end),
      count(*) filter (where kind.side = 'paid')
    from job_postings p cross join (values ('pending'), ('earned'), ('paid')) as kind (side) where device_id = ${id}`;
}

/** Folds the postings of an account's purse into its sums; balances stay what they are. */
export async function foldAccount(db: Db, accountId: AccountId, purse: number): Promise<void> {
  const id = uuidOf(accountId);
  await transaction(
    db,
    async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`fold ${id}`}, 0))`;
      await tx`
        with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and purse = ${purse} and cluster = ${cluster(tx)}),
          now as (select pg_snapshot_xmin(pg_current_snapshot()) as through)
        insert into posting_sums (holder_id, purse, side, amount_micro, through, cluster)
        select ${id}::uuid, ${purse}::int, side, sum(amount_micro), (select through from now), ${cluster(tx)} from (
          select side, amount_micro from folded
          union all
          select side, amount_micro from account_postings
          where account_id = ${id} and purse = ${purse} and written >= coalesce((select through from folded limit 1), '0'::xid8) and written < (select through from now)
        ) as parts group by side
        on conflict (holder_id, purse, side) do update set amount_micro = excluded.amount_micro, through = excluded.through, cluster = excluded.cluster`;
    },
    "relaxed",
  );
}

/** The same for a device. */
export async function foldDevice(db: Db, deviceId: DeviceId): Promise<void> {
  const id = uuidOf(deviceId);
  await transaction(
    db,
    async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`fold ${id}`}, 0))`;
      await tx`
        with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and cluster = ${cluster(tx)}),
          now as (select pg_snapshot_xmin(pg_current_snapshot()) as through)
        insert into posting_sums (holder_id, side, amount_micro, through, cluster)
        select ${id}::uuid, side, sum(amount), (select through from now), ${cluster(tx)} from (
          select side, amount_micro as amount, 0 as n from folded
          union all
          ${devicePart(tx, id)} and written >= coalesce((select through from folded limit 1), '0'::xid8) and written < (select through from now) group by 1
        ) as parts (side, amount, n) group by side
        on conflict (holder_id, purse, side) do update set amount_micro = excluded.amount_micro, through = excluded.through, cluster = excluded.cluster`;
    },
    "relaxed",
  );
}
