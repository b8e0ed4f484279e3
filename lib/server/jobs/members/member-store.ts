import "server-only";
import { type AccountId, isId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { MemberRole } from "#lib/domain/job/job-role.ts";
import { memberName } from "../../accounts/account-store.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type Member = { address: string; role: MemberRole; addedAt: Date };

/** A job's members in the order in which they were let in. */
export async function listMemberRows(reader: Reader, jobId: JobId): Promise<Member[]> {
  return await reader<Member[]>`select address, role, added_at as "addedAt" from job_members where job_id = ${uuidOf(jobId)} order by added_at, address`;
}

/**
 * By which name somebody is a member: a wallet's address in lower case, also where the id of its account was given, or the id of an account without one. Null for the id
 * of no account. The account keeps its name until the transaction ends.
 */
export async function lockMemberName(tx: Tx, given: string): Promise<string | null> {
  if (!isId("acc", given)) return given;
  const [row] = await tx<{ name: string }[]>`
    select ${memberName(tx)} as name from accounts a where a.id = ${uuidOf(given)} and (a.address is null or a.address ^@ '0x') for share`;
  return row?.name ?? null;
}

/** An account that got its wallet is a member by it from now on, with the stronger role where it was let in by both. */
export async function renameMember(tx: Tx, accountId: AccountId, address: string): Promise<void> {
  const name = address.toLowerCase();
  await tx`
    insert into job_members (job_id, address, role, added_at) select job_id, ${name}, role, added_at from job_members where address = ${accountId}
    on conflict (job_id, address) do update set role = excluded.role where excluded.role = 'manage'`;
  await tx`delete from job_members where address = ${accountId}`;
}

/** Lets an address in, or gives it another role. */
export async function upsertMember(tx: Tx, jobId: JobId, member: Member): Promise<void> {
  await tx`
    insert into job_members (job_id, address, role, added_at) values (${uuidOf(jobId)}, ${member.address}, ${member.role}, ${member.addedAt})
    on conflict (job_id, address) do update set role = excluded.role`;
}

export async function deleteMember(tx: Tx, jobId: JobId, address: string): Promise<void> {
  await tx`delete from job_members where job_id = ${uuidOf(jobId)} and address = ${address}`;
}

/** Forgets an account as a member of others' jobs, and the members of its own. */
export async function deleteMembersOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`
    delete from job_members where address = (select ${memberName(tx)} from accounts a where a.id = ${uuidOf(accountId)})
      or job_id in (select id from jobs where account_id = ${uuidOf(accountId)})`;
}
