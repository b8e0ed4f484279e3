import "server-only";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { MemberRole } from "#lib/domain/job/job-role.ts";
import { memberName } from "../../accounts/account-store.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type Member = { address: string; role: MemberRole; addedAt: Date };

/** A job's members in the order in which they were let in. */
export async function listMemberRows(reader: Reader, jobId: JobId): Promise<Member[]> {
  return await reader<Member[]>`select address, role, added_at as "addedAt" from job_members where job_id = ${uuidOf(jobId)} order by added_at, address`;
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
