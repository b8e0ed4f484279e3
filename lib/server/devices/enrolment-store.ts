import "server-only";
import { type AccountId, type DeviceId, type EnrolmentId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../db/client.ts";

/** Keeps the hash of a one-time code. */
export async function insertEnrolment(
  tx: Tx,
  enrolment: { id: EnrolmentId; codeHash: string; createdBy: AccountId; checksFor: AccountId | null; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx`
    insert into enrolments (id, code_hash, created_by, checks_for, created_at, expires_at)
    values (${uuidOf(enrolment.id)}, ${enrolment.codeHash}, ${uuidOf(enrolment.createdBy)}, ${enrolment.checksFor === null ? null : uuidOf(enrolment.checksFor)}, ${enrolment.createdAt}, ${enrolment.expiresAt})`;
}

/** What a code makes of a device: trusted in the name of the operator who made it, or one that checks an account's jobs. */
export type Enrolled = { trustedBy: AccountId; checksFor: null } | { trustedBy: null; checksFor: AccountId };

/**
 * Uses a code up for a device and returns what it makes of it. The device that used it may present it again, because the answer may have been lost;
 * for everybody else, after its hour, and once the maker of one that trusts is no operator any more, the code is null.
 */
export async function takeEnrolment(tx: Tx, code: { codeHash: string; deviceId: DeviceId; now: Date }): Promise<Enrolled | null> {
  const device = uuidOf(code.deviceId);
  const [row] = await tx<{ created_by: string; checks_for: string | null }[]>`
    update enrolments e set used_by_device = ${device}, used_at = coalesce(e.used_at, ${code.now})
    from accounts a
    where e.code_hash = ${code.codeHash} and a.id = e.created_by and (e.checks_for is not null or 'operator' = any(a.roles))
      and ((e.used_at is null and e.expires_at > ${code.now}) or e.used_by_device = ${device})
    returning e.created_by, e.checks_for`;
  if (!row) return null;
  return row.checks_for === null ? { trustedBy: idOf("acc", row.created_by), checksFor: null } : { trustedBy: null, checksFor: idOf("acc", row.checks_for) };
}
