import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

/** An address that may put money into a job; `accountId` once it has. */
export type Funder = { address: string; shareBps: number; accountId: AccountId | null };

/** Who may put money into a job beside its owner, in the order in which they were named. */
export async function listFunderRows(reader: Reader, jobId: JobId): Promise<Funder[]> {
  const rows = await reader<(Omit<Funder, "accountId"> & { accountId: string | null })[]>`
    select address, share_bps as "shareBps", account_id as "accountId" from job_funders where job_id = ${uuidOf(jobId)} order by added_at, address`;
  return rows.map((row) => ({ ...row, accountId: row.accountId === null ? null : idOf("acc", row.accountId) }));
}

/** Names an address, or gives one that has put nothing in another share. */
export async function upsertFunder(tx: Tx, jobId: JobId, funder: { address: string; shareBps: number; addedAt: Date }): Promise<void> {
  await tx`
    insert into job_funders (job_id, address, share_bps, added_at) values (${uuidOf(jobId)}, ${funder.address}, ${funder.shareBps}, ${funder.addedAt})
    on conflict (job_id, address) do update set share_bps = excluded.share_bps where job_funders.account_id is null`;
}

/** Takes an address out that has put nothing in. */
export async function deleteFunder(tx: Tx, jobId: JobId, address: string): Promise<void> {
  await tx`delete from job_funders where job_id = ${uuidOf(jobId)} and address = ${address} and account_id is null`;
}

/** Notes that an address has put money in: from now on its share is fixed. */
export async function bindFunder(tx: Tx, jobId: JobId, funder: { address: string; accountId: AccountId }): Promise<void> {
  await tx`update job_funders set account_id = ${uuidOf(funder.accountId)} where job_id = ${uuidOf(jobId)} and address = ${funder.address}`;
}

/** Forgets the address of an account that is deleted. What it put in keeps its share, under the account's number. */
export async function forgetFunder(tx: Tx, accountId: AccountId, pseudonym: string): Promise<void> {
  await tx`delete from job_funders where account_id is null and address = (select lower(address) from accounts where id = ${uuidOf(accountId)})`;
  await tx`update job_funders set address = ${pseudonym} where account_id = ${uuidOf(accountId)}`;
}

/** The wallet address of an account in lower case; null for one without. */
export async function findOwnerAddress(reader: Reader, accountId: AccountId): Promise<string | null> {
  const [row] = await reader<{ address: string }[]>`select lower(address) as address from accounts where id = ${uuidOf(accountId)} and address ^@ '0x'`;
  return row?.address ?? null;
}
