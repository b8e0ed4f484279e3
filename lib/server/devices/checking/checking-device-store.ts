import "server-only";
import { type AccountId, type DeviceId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

/** How many devices check an account's jobs. */
export async function countCheckingDevices(reader: Reader, accountId: AccountId): Promise<number> {
  const [row] = await reader<{ n: number }[]>`select count(*)::int as n from devices where checks_for = ${uuidOf(accountId)} and revoked_at is null`;
  return row?.n ?? 0;
}

/** Has a device check an account's jobs, and nothing else; false where it is a trusted device of the instance, or checks for another account. Repeating it changes nothing. */
export async function bindToOwner(tx: Tx, deviceId: DeviceId, accountId: AccountId): Promise<boolean> {
  const account = uuidOf(accountId);
  const rows = await tx`
    update devices set checks_for = ${account} where id = ${uuidOf(deviceId)} and not trusted and coalesce(checks_for, ${account}) = ${account} returning 1`;
  return rows.length === 1;
}

type CheckingDeviceRow = { id: DeviceId; cores: number; enrolledAt: Date; lastSeenAt: Date; same: number; other: number; unclear: number };

/** The devices that check an account's jobs, newest first, with what came of the shards that they ran again. */
export async function listCheckingDevicesOf(reader: Reader, accountId: AccountId): Promise<CheckingDeviceRow[]> {
  const rows = await reader<(Omit<CheckingDeviceRow, "id"> & { id: string })[]>`
    select d.id, d.cores, d.created_at as "enrolledAt", d.last_seen_at as "lastSeenAt", n.same, n.other, n.unclear
    from devices d cross join lateral (
      select count(*) filter (where accepted)::int as same, count(*) filter (where not accepted)::int as other, count(*) filter (where accepted is null)::int as unclear
      from errands e where e.device_id = d.id and e.kind = 'check' and e.state = 'done' and e.account_id = ${uuidOf(accountId)}) as n
    where d.checks_for = ${uuidOf(accountId)} and d.revoked_at is null order by d.created_at desc, d.id desc`;
  return rows.map(({ id, ...row }) => ({ ...row, id: idOf("dev", id) }));
}

/** Revokes a device that checks this account's jobs; false where there is none. Revoking again changes nothing. */
export async function markOwnRevoked(tx: Tx, revoke: { accountId: AccountId; deviceId: DeviceId; at: Date }): Promise<boolean> {
  const rows = await tx`
    update devices set revoked_at = coalesce(revoked_at, ${revoke.at})
    where id = ${uuidOf(revoke.deviceId)} and checks_for = ${uuidOf(revoke.accountId)} returning id`;
  return rows.length === 1;
}

/** Revokes all devices that check the jobs of an account that is being deleted. */
export async function revokeCheckingDevicesOf(tx: Tx, accountId: AccountId, at: Date): Promise<void> {
  await tx`update devices set revoked_at = coalesce(revoked_at, ${at}) where checks_for = ${uuidOf(accountId)}`;
}
