import "server-only";
import { type AccountId, type DeviceId, type EnrolmentId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../db/client.ts";

/** Keeps the hash of a one-time code. */
export async function insertEnrolment(
  tx: Tx,
  enrolment: { id: EnrolmentId; codeHash: string; createdBy: AccountId; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx`
    insert into enrolments (id, code_hash, created_by, created_at, expires_at)
    values (${uuidOf(enrolment.id)}, ${enrolment.codeHash}, ${uuidOf(enrolment.createdBy)}, ${enrolment.createdAt}, ${enrolment.expiresAt})`;
}

/**
 * Uses a code up for a device and returns the operator who made it. The device that used it may present it again, because the answer may have been lost;
 * for everybody else, after its hour, and once its maker is no operator any more, the code is null.
 */
export async function takeEnrolment(tx: Tx, code: { codeHash: string; deviceId: DeviceId; now: Date }): Promise<AccountId | null> {
  const device = uuidOf(code.deviceId);
  const [row] = await tx<{ created_by: string }[]>`
    update enrolments e set used_by_device = ${device}, used_at = coalesce(e.used_at, ${code.now})
    from accounts a
    where e.code_hash = ${code.codeHash} and a.id = e.created_by and 'operator' = any(a.roles)
      and ((e.used_at is null and e.expires_at > ${code.now}) or e.used_by_device = ${device})
    returning e.created_by`;
  return row ? idOf("acc", row.created_by) : null;
}
