import "server-only";
import { type AccountId, type DeviceId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { PublicKey } from "#lib/protocol/devices/devices.ts";
import type { Reader, Tx } from "../db/client.ts";

type DeviceKind = "browser" | "headless";

export type RegisteredDevice = {
  id: DeviceId;
  voterId: string;
  trusted: boolean;
  /** The account whose jobs it checks, computing for nobody; null for all others. */
  checksFor: AccountId | null;
  hasAccount: boolean;
  createdAt: Date;
};

export type Registration = { id: DeviceId; thumbprint: string; publicKey: PublicKey; kind: DeviceKind; cores: number; at: Date };

/**
 * The device of a key: inserted at its first registration, otherwise noted as seen. Registrations of one key at the same moment make one device, by the
 * unique thumbprint. Null if the key was revoked, and then nothing changes.
 */
export async function upsertDevice(tx: Tx, device: Registration): Promise<RegisteredDevice | null> {
  const [row] = await tx<{ id: string; voter_id: string; trusted: boolean; checks_for: string | null; has_account: boolean; created_at: Date }[]>`
    insert into devices (id, thumbprint, public_key, kind, cores, created_at, last_seen_at)
    values (${uuidOf(device.id)}, ${device.thumbprint}, ${tx.json(device.publicKey)}, ${device.kind}, ${device.cores}, ${device.at}, ${device.at})
    on conflict (thumbprint) do update set last_seen_at = excluded.last_seen_at, cores = excluded.cores where devices.revoked_at is null
    returning id, coalesce(account_id, id)::text as voter_id, trusted, checks_for, account_id is not null as has_account, created_at`;
  if (!row) return null;
  const checksFor = row.checks_for === null ? null : idOf("acc", row.checks_for);
  return { id: idOf("dev", row.id), voterId: row.voter_id, trusted: row.trusted, checksFor, hasAccount: row.has_account, createdAt: row.created_at };
}

/** Makes a device trusted in the name of an operator. */
export async function trustDevice(tx: Tx, deviceId: DeviceId, trustedBy: AccountId): Promise<void> {
  await tx`update devices set trusted = true, trusted_by = ${uuidOf(trustedBy)} where id = ${uuidOf(deviceId)}`;
}

/** Revokes a device's key for good; false if there is no such device. Revoking again changes nothing. */
export async function markDeviceRevoked(tx: Tx, deviceId: DeviceId, at: Date): Promise<boolean> {
  const rows = await tx`update devices set revoked_at = coalesce(revoked_at, ${at}) where id = ${uuidOf(deviceId)} returning id`;
  return rows.length === 1;
}

/** The devices revoked since a moment; read by the partial index of revoked devices. */
export async function listRevokedSince(reader: Reader, since: Date): Promise<DeviceId[]> {
  const rows = await reader<{ id: string }[]>`select id from devices where revoked_at is not null and revoked_at >= ${since}`;
  return rows.map((row) => idOf("dev", row.id));
}

export type TrustedDevice = { id: DeviceId; kind: DeviceKind; trusted: boolean; cores: number; lastSeenAt: Date; revoked: boolean };

/** Up to `limit` devices that an operator trusted, revoked ones too, newest first. */
export async function listTrustedDevices(reader: Reader, limit: number): Promise<TrustedDevice[]> {
  const rows = await reader<{ id: string; kind: DeviceKind; trusted: boolean; cores: number; last_seen_at: Date; revoked: boolean }[]>`
    select id, kind, trusted, cores, last_seen_at, revoked_at is not null as revoked from devices
    where trusted order by created_at desc, id desc limit ${limit}`;
  return rows.map((row) => ({
    id: idOf("dev", row.id),
    kind: row.kind,
    trusted: row.trusted,
    cores: row.cores,
    lastSeenAt: row.last_seen_at,
    revoked: row.revoked,
  }));
}
