import "server-only";
import { type AccountId, type DeviceId, idOf, type PoolId, uuidOf } from "#lib/domain/ids.ts";
import type { PoolRole } from "#lib/domain/pool/pool.ts";
import type { PoolSummary } from "#lib/protocol/pools/pools.ts";
import type { Reader, Tx } from "../db/client.ts";

export async function insertPool(tx: Tx, pool: { id: PoolId; name: string; at: Date }): Promise<void> {
  await tx`insert into private_pools (id, name, created_at) values (${uuidOf(pool.id)}, ${pool.name}, ${pool.at})`;
}

/** Locks the pool until the transaction ends, so that two admins cannot leave at once; false where there is none. */
export async function lockPool(tx: Tx, poolId: PoolId): Promise<boolean> {
  return (await tx`select 1 from private_pools where id = ${uuidOf(poolId)} for update`).length === 1;
}

/** Makes an account a member; one that is a member already keeps its role. */
export async function insertMember(tx: Tx, member: { poolId: PoolId; accountId: AccountId; role: PoolRole; codeHash: string | null; at: Date }): Promise<void> {
  await tx`insert into pool_members (pool_id, account_id, role, joined_at, code_hash)
    values (${uuidOf(member.poolId)}, ${uuidOf(member.accountId)}, ${member.role}, ${member.at}, ${member.codeHash}) on conflict do nothing`;
}

/** Lets a device compute for a pool; one that does already stays. */
export async function insertPoolDevice(tx: Tx, joined: { poolId: PoolId; deviceId: DeviceId; codeHash: string; at: Date }): Promise<void> {
  await tx`insert into pool_devices (pool_id, device_id, joined_at, code_hash)
    values (${uuidOf(joined.poolId)}, ${uuidOf(joined.deviceId)}, ${joined.at}, ${joined.codeHash}) on conflict do nothing`;
}

/** The account's role in a pool; null for a stranger and where there is no such pool. */
export async function findRole(reader: Reader, poolId: PoolId, accountId: AccountId): Promise<PoolRole | null> {
  const [row] = await reader<{ role: PoolRole }[]>`
    select role from pool_members where pool_id = ${uuidOf(poolId)} and account_id = ${uuidOf(accountId)}`;
  return row?.role ?? null;
}

export async function countAdmins(tx: Tx, poolId: PoolId): Promise<number> {
  const [row] = await tx<{ count: number }[]>`select count(*)::int as count from pool_members where pool_id = ${uuidOf(poolId)} and role = 'admin'`;
  return row?.count ?? 0;
}

export async function updateRole(tx: Tx, member: { poolId: PoolId; accountId: AccountId; role: PoolRole }): Promise<void> {
  await tx`update pool_members set role = ${member.role} where pool_id = ${uuidOf(member.poolId)} and account_id = ${uuidOf(member.accountId)}`;
}

/** Takes an account out; false if it was no member. Its linked devices go with it, unless they joined themselves. */
export async function deleteMember(tx: Tx, poolId: PoolId, accountId: AccountId): Promise<boolean> {
  return (await tx`delete from pool_members where pool_id = ${uuidOf(poolId)} and account_id = ${uuidOf(accountId)} returning 1`).length === 1;
}

export async function deletePoolDevice(tx: Tx, poolId: PoolId, deviceId: DeviceId): Promise<boolean> {
  return (await tx`delete from pool_devices where pool_id = ${uuidOf(poolId)} and device_id = ${uuidOf(deviceId)} returning 1`).length === 1;
}

/** The pools whose jobs a device may compute: those that it joined, and those of the account that it is linked to. One statement about one device. */
export async function listPoolsOfDevice(reader: Reader, deviceId: DeviceId): Promise<PoolId[]> {
  const rows = await reader<{ id: string }[]>`
    select pool_id as id from pool_devices where device_id = ${uuidOf(deviceId)}
    union select m.pool_id from devices d join pool_members m on m.account_id = d.account_id where d.id = ${uuidOf(deviceId)}`;
  return rows.map(({ id }) => idOf("pol", id));
}

/** Whether a device `d` may compute for a pool: the same rule as `listPoolsOfDevice()`, for a statement about many devices. */
export const isOfPool = (reader: Reader, poolId: PoolId) => reader`
  (exists (select 1 from pool_devices p where p.device_id = d.id and p.pool_id = ${uuidOf(poolId)})
    or exists (select 1 from pool_members m where m.account_id = d.account_id and m.pool_id = ${uuidOf(poolId)}))`;

/** Hashes of the codes by which a device and the account that it is linked to joined pools they belong to. */
export async function listJoinCodes(reader: Reader, deviceId: DeviceId): Promise<string[]> {
  const rows = await reader<{ code_hash: string }[]>`
    select code_hash from pool_devices where device_id = ${uuidOf(deviceId)} and code_hash is not null
    union select m.code_hash from devices d join pool_members m on m.account_id = d.account_id where d.id = ${uuidOf(deviceId)} and m.code_hash is not null
    order by code_hash`;
  return rows.map((row) => row.code_hash);
}

type SummaryRow = { id: string; name: string; role: PoolRole | null; members: number; devices: number };

/** Pools by their ids, with the account's role in each; `device` where it has none. */
export async function listSummaries(reader: Reader, poolIds: readonly PoolId[], accountId: AccountId | null): Promise<PoolSummary[]> {
  const rows = await reader<SummaryRow[]>`
    select p.id, p.name, (select role from pool_members where pool_id = p.id and account_id = ${accountId ? uuidOf(accountId) : null}::uuid) as role,
      (select count(*)::int from pool_members where pool_id = p.id) as members, (select count(*)::int from pool_devices where pool_id = p.id) as devices
    from private_pools p where p.id = any(${poolIds.map(uuidOf)}::uuid[]) order by p.name, p.id`;
  return rows.map(({ id, role, ...row }) => ({ ...row, id: idOf("pol", id), role: role ?? "device" }));
}

export async function listPoolsOfAccount(reader: Reader, accountId: AccountId): Promise<PoolId[]> {
  const rows = await reader<{ id: string }[]>`select pool_id as id from pool_members where account_id = ${uuidOf(accountId)}`;
  return rows.map(({ id }) => idOf("pol", id));
}

/** Takes an account out of every pool, whatever its role: one whose last admin goes has none. */
export async function deleteMemberships(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`delete from pool_members where account_id = ${uuidOf(accountId)}`;
}

type MemberRow = { id: string; address: string | null; role: PoolRole; joined_at: Date };
type DeviceRow = { id: string; kind: string; joined_at: Date; last_seen_at: Date };

/** Who belongs to a pool, in the order of joining; devices of members that did not join themselves are not listed. */
export async function listBelonging(reader: Reader, poolId: PoolId) {
  const [members, devices] = await Promise.all([
    reader<MemberRow[]>`select a.id, a.address, m.role, m.joined_at from pool_members m join accounts a on a.id = m.account_id
      where m.pool_id = ${uuidOf(poolId)} order by m.joined_at, a.id`,
    reader<DeviceRow[]>`select d.id, d.kind, p.joined_at, d.last_seen_at from pool_devices p join devices d on d.id = p.device_id
      where p.pool_id = ${uuidOf(poolId)} order by p.joined_at, d.id`,
  ]);
  return {
    members: members.map(({ id, address, role, joined_at }) => ({ id: idOf("acc", id), address, role, joinedAt: joined_at.toISOString() })),
    devices: devices.map(({ id, kind, joined_at, last_seen_at }) => ({
      id: idOf("dev", id),
      kind,
      joinedAt: joined_at.toISOString(),
      lastSeenAt: last_seen_at.toISOString(),
    })),
  };
}
