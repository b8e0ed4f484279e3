import "server-only";
import { type AccountId, type DeviceId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type LinkedDevice = {
  id: DeviceId;
  accountId: AccountId | null;
  kind: "browser" | "headless";
  cores: number;
  trusted: boolean;
  linkedAt: Date | null;
  unlinkedAt: Date | null;
  lastSeenAt: Date;
  closedAt: Date | null;
  revokedAt: Date | null;
};

type Row = Omit<LinkedDevice, "id" | "accountId"> & { id: string; accountId: string | null };

const toDevice = (row: Row): LinkedDevice => ({ ...row, id: idOf("dev", row.id), accountId: row.accountId === null ? null : idOf("acc", row.accountId) });

const columns = (reader: Reader) => reader`
  id, account_id as "accountId", kind, cores, trusted, linked_at as "linkedAt", unlinked_at as "unlinkedAt", last_seen_at as "lastSeenAt", closed_at as "closedAt",
  revoked_at as "revokedAt"`;

/** The device with this key, locked until the transaction ends; null if none ever registered with it. */
export async function lockDeviceByKey(tx: Tx, thumbprint: string): Promise<LinkedDevice | null> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from devices where thumbprint = ${thumbprint} for update`;
  return row ? toDevice(row) : null;
}

/** The account's device, locked until the transaction ends; null if it is not the account's. */
export async function lockOwnDevice(tx: Tx, accountId: AccountId, deviceId: DeviceId): Promise<LinkedDevice | null> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from devices where id = ${uuidOf(deviceId)} and account_id = ${uuidOf(accountId)} for update`;
  return row ? toDevice(row) : null;
}

/** All devices of an account, newest link first. */
export async function listLinkedDevices(reader: Reader, accountId: AccountId): Promise<LinkedDevice[]> {
  const rows = await reader<Row[]>`select ${columns(reader)} from devices where account_id = ${uuidOf(accountId)} order by linked_at desc nulls last, id desc`;
  return rows.map(toDevice);
}

/** How many devices an account has. */
export async function countLinkedDevices(reader: Reader, accountId: AccountId): Promise<number> {
  const [row] = await reader<{ n: number }[]>`select count(*)::int as n from devices where account_id = ${uuidOf(accountId)}`;
  return row?.n ?? 0;
}

/** Gives a device to an account. */
export async function setLink(tx: Tx, link: { deviceId: DeviceId; accountId: AccountId; at: Date }): Promise<void> {
  await tx`update devices set account_id = ${uuidOf(link.accountId)}, linked_at = ${link.at} where id = ${uuidOf(link.deviceId)}`;
}

/** Takes a device from its account; its earnings from then on, and what no epoch took, stay with the device. */
export async function clearLink(tx: Tx, deviceId: DeviceId, at: Date): Promise<void> {
  await tx`update devices set account_id = null, linked_at = null, unlinked_at = ${at} where id = ${uuidOf(deviceId)}`;
}

/** Takes all devices from an account that is being deleted. */
export async function clearLinksOf(tx: Tx, accountId: AccountId, at: Date): Promise<void> {
  await tx`update devices set account_id = null, linked_at = null, unlinked_at = ${at} where account_id = ${uuidOf(accountId)}`;
}

/** Closes a device and withdraws its key: it gets no token any more. Closing again changes nothing. */
export async function setClosed(tx: Tx, deviceId: DeviceId, at: Date): Promise<void> {
  await tx`update devices set closed_at = coalesce(closed_at, ${at}), revoked_at = coalesce(revoked_at, ${at}) where id = ${uuidOf(deviceId)}`;
}

type DeviceOwner = { address: string | null; accountId: AccountId | null; linkedAt: Date | null };

/** To whom a device belongs; null fields where to nobody. */
export async function getDeviceOwner(reader: Reader, deviceId: DeviceId): Promise<DeviceOwner> {
  const [row] = await reader<(Omit<DeviceOwner, "accountId"> & { account_id: string | null })[]>`
    select a.address, d.account_id, d.linked_at as "linkedAt" from devices d left join accounts a on a.id = d.account_id where d.id = ${uuidOf(deviceId)}`;
  if (!row) return { address: null, accountId: null, linkedAt: null };
  const { account_id, ...owner } = row;
  return { ...owner, accountId: account_id === null ? null : idOf("acc", account_id) };
}
