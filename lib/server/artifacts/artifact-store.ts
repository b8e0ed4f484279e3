import "server-only";
import { type AccountId, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

export type ArtifactPart = "program" | "input" | "file" | "index" | "output";

/**
 * Keeps others from recording or discarding the same bytes until the transaction ends. The key is 60 bits of the digest;
 * a clash only makes two uploads wait for each other.
 */
export async function lockArtifact(tx: Tx, sha256: Sha256): Promise<void> {
  await tx`select pg_advisory_xact_lock(${BigInt(`0x${sha256.slice(0, 15)}`).toString()}::bigint)`;
}

/** Records that the store holds these bytes; changes nothing where that is known. The caller holds `lockArtifact`. */
export async function insertArtifact(tx: Tx, artifact: { sha256: Sha256; bytes: number; at: Date }): Promise<void> {
  await tx`insert into artifacts (sha256, bytes, created_at) values (${artifact.sha256}, ${artifact.bytes}, ${artifact.at}) on conflict do nothing`;
}

/** Records that the account completed an upload of these bytes and may refer to them. */
export async function insertOwner(tx: Tx, owner: { sha256: Sha256; accountId: AccountId; at: Date }): Promise<void> {
  await tx`insert into artifact_owners (sha256, account_id, created_at) values (${owner.sha256}, ${uuidOf(owner.accountId)}, ${owner.at}) on conflict do nothing`;
}

/** Records what a job's devices may read, and as what. */
export async function insertJobArtifacts(tx: Tx, jobId: JobId, references: readonly { sha256: Sha256; part: ArtifactPart }[]): Promise<void> {
  if (references.length === 0) return;
  await tx`
    insert into job_artifacts (job_id, sha256, part)
    select ${uuidOf(jobId)}::uuid, sha256, part from unnest(${references.map((r) => r.sha256)}::text[], ${references.map((r) => r.part)}::text[]) as r (sha256, part)
    on conflict do nothing`;
}

/** Which of these artifacts the account uploaded, and their lengths in bytes. */
export async function listOwned(reader: Reader, accountId: AccountId, sha256s: readonly Sha256[]): Promise<Map<Sha256, number>> {
  const rows = await reader<{ sha256: string; bytes: bigint }[]>`
    select a.sha256, a.bytes from artifact_owners o join artifacts a on a.sha256 = o.sha256
    where o.account_id = ${uuidOf(accountId)} and o.sha256 = any(${[...sha256s]}::text[])`;
  return new Map(rows.map((row) => [row.sha256, Number(row.bytes)]));
}

/**
 * The same, and lets the account use them for a day more: before that nobody collects them. One that is being collected is waited for and is gone. Rows
 * are held in one order, so that two who ask for several never wait for each other.
 */
export async function renewOwned(
  reader: Reader,
  accountId: AccountId,
  { sha256s, at }: { sha256s: readonly Sha256[]; at: Date },
): Promise<Map<Sha256, number>> {
  const rows = await reader<{ sha256: string; bytes: bigint }[]>`
    with held as (
      select sha256 from artifact_owners where account_id = ${uuidOf(accountId)} and sha256 = any(${[...sha256s]}::text[]) order by sha256 for no key update)
    update artifact_owners o set created_at = ${at} from held join artifacts a on a.sha256 = held.sha256
    where o.account_id = ${uuidOf(accountId)} and o.sha256 = held.sha256 returning a.sha256, a.bytes`;
  return new Map(rows.map((row) => [row.sha256, Number(row.bytes)]));
}

/** Whether the account may read the artifact: it uploaded it, or a job of its own refers to it. */
export async function mayRead(reader: Reader, accountId: AccountId, sha256: Sha256): Promise<boolean> {
  const rows = await reader`
    select 1 from artifact_owners where account_id = ${uuidOf(accountId)} and sha256 = ${sha256}
    union all
    select 1 from job_artifacts a join jobs j on j.id = a.job_id where a.sha256 = ${sha256} and j.account_id = ${uuidOf(accountId)} limit 1`;
  return rows.length > 0;
}

/** Whether any account or job has these bytes on record. */
export async function hasArtifact(reader: Reader, sha256: Sha256): Promise<boolean> {
  const rows = await reader`select 1 from artifacts where sha256 = ${sha256}`;
  return rows.length > 0;
}

/** Deletes the row of an artifact that no account and no job refers to; whether it was there. The caller holds `lockArtifact`. */
export async function deleteUnusedArtifact(tx: Tx, sha256: Sha256): Promise<boolean> {
  const deleted = await tx`
    delete from artifacts where sha256 = ${sha256} and not exists (select 1 from artifact_owners o where o.sha256 = ${sha256})
      and not exists (select 1 from job_artifacts j where j.sha256 = ${sha256}) returning 1`;
  return deleted.length > 0;
}
