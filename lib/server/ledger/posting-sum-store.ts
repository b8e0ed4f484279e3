import "server-only";
import { type AccountId, type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { AccountSide } from "#lib/domain/ledger/sides.ts";
import type { Db, Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";

/** What stands on each side of an account; sides without a posting are missing. `unfolded` counts the postings that had to be read one by one. */
export type AccountSums = { sides: Partial<Record<AccountSide, Micro>>; unfolded: number };
/** A device's earnings that no epoch took, and all it ever earned. */
export type DeviceSums = { balanceMicro: Micro; earnedMicro: Micro; unfolded: number };

/** From so many postings on it pays to fold them into a sum. */
export const FOLD_AT = 2000;

/*
 * A sum covers what was written by transactions below `through`, the oldest that still ran when it was made: those have ended, so nothing can join it. After a
 * restore into another cluster transaction numbers begin anew; sums of another cluster are not read, and rows count by the numbers they kept, which is
 * right whatever they are, because folding and reading split the rows at one number.
 */
const cluster = (reader: Reader) => reader`(select system_identifier::text from pg_control_system())`;

/** Sums of an account by side. Reads one row for each side and what was posted since they were made. */
export async function sumAccount(reader: Reader, accountId: AccountId): Promise<AccountSums> {
  const id = uuidOf(accountId);
  const rows = await reader<{ side: AccountSide; amount: bigint; count: bigint }[]>`
    with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and cluster = ${cluster(reader)})
    select side, sum(amount_micro)::bigint as amount, sum(n)::bigint as count from (
      select side, amount_micro, 0 as n from folded
      union all
      select side, amount_micro, 1 from account_postings where account_id = ${id} and written >= coalesce((select through from folded limit 1), '0'::xid8)
    ) as parts group by side`;
  return { sides: Object.fromEntries(rows.map((row) => [row.side, row.amount])), unfolded: rows.reduce((sum, row) => sum + Number(row.count), 0) };
}

/** The same of a device. What an epoch took, or a veto gave back, is no earning of the device. */
export async function sumDevice(reader: Reader, deviceId: DeviceId): Promise<DeviceSums> {
  const id = uuidOf(deviceId);
  const [row] = await reader<{ balance: bigint; earned: bigint; count: bigint }[]>`
    with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and cluster = ${cluster(reader)})
    select coalesce(sum(amount) filter (where side = 'balance'), 0)::bigint as balance, coalesce(sum(amount) filter (where side = 'earned'), 0)::bigint as earned,
      coalesce(sum(n), 0)::bigint as count
    from (
      select side, amount_micro as amount, 0 as n from folded
      union all
      select kind, case when kind = 'balance' or not is_transfer then amount_micro else 0 end, case kind when 'balance' then 1 else 0 end
      from (select amount_micro, ref ^@ 'vest:' or ref ^@ 'unvest:' as is_transfer from job_postings
        where device_id = ${id} and written >= coalesce((select through from folded limit 1), '0'::xid8)) as posting
      cross join (values ('balance'), ('earned')) as kinds (kind)
    ) as parts (side, amount, n)`;
  return { balanceMicro: row?.balance ?? 0n, earnedMicro: row?.earned ?? 0n, unfolded: Number(row?.count ?? 0n) };
}

/** Folds an account's postings into its sums; balances stay what they are. */
export async function foldAccount(db: Db, accountId: AccountId): Promise<void> {
  const id = uuidOf(accountId);
  await transaction(
    db,
    async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`fold ${id}`}, 0))`;
      await tx`
        with folded as (select side, amount_micro, through from posting_sums where holder_id = ${id} and cluster = ${cluster(tx)}),
          now as (select pg_snapshot_xmin(pg_current_snapshot()) as through)
        insert into posting_sums (holder_id, side, amount_micro, through, cluster)
        select ${id}::uuid, side, sum(amount_micro), (select through from now), ${cluster(tx)} from (
          select side, amount_micro from folded
          union all
          select side, amount_micro from account_postings
          where account_id = ${id} and written >= coalesce((select through from folded limit 1), '0'::xid8) and written < (select through from now)
        ) as parts group by side
        on conflict (holder_id, side) do update set amount_micro = excluded.amount_micro, through = excluded.through, cluster = excluded.cluster`;
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
          select side, amount_micro as amount from folded
          union all
          select kind, case when kind = 'balance' or not is_transfer then amount_micro else 0 end
          from (select amount_micro, ref ^@ 'vest:' or ref ^@ 'unvest:' as is_transfer from job_postings
            where device_id = ${id} and written >= coalesce((select through from folded limit 1), '0'::xid8) and written < (select through from now)) as posting
          cross join (values ('balance'), ('earned')) as kinds (kind)
        ) as parts (side, amount) group by side
        on conflict (holder_id, side) do update set amount_micro = excluded.amount_micro, through = excluded.through, cluster = excluded.cluster`;
    },
    "relaxed",
  );
}
