import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Idempotency } from "../context.ts";
import type { Reader, Tx } from "../db/client.ts";

const KEPT_MS = 7 * 86_400_000;

/** What a request with this key made before, and the digest of what it said. */
export async function findClaim(reader: Reader, accountId: AccountId, { endpoint, key }: Idempotency): Promise<{ jobId: JobId; inputSha256: string } | null> {
  const [row] = await reader<{ job_id: string; input_sha256: string }[]>`
    select job_id, input_sha256 from idempotency_keys where account_id = ${uuidOf(accountId)} and endpoint = ${endpoint} and key = ${key}`;
  return row ? { jobId: idOf("job", row.job_id), inputSha256: row.input_sha256 } : null;
}

/** Notes what a request makes under its key; false where another request has the key. Waits for one that is about to. */
export async function insertClaim(tx: Tx, claim: Idempotency & { accountId: AccountId; jobId: JobId; at: Date }): Promise<boolean> {
  const { count } = await tx`
    insert into idempotency_keys (account_id, endpoint, key, input_sha256, job_id, created_at)
    values (${uuidOf(claim.accountId)}, ${claim.endpoint}, ${claim.key}, ${claim.inputSha256}, ${uuidOf(claim.jobId)}, ${claim.at})
    on conflict do nothing`;
  return count === 1;
}

/** Forgets the keys of requests that are a week old. */
export async function deleteOldIdempotencyKeys(reader: Reader, now: Date): Promise<void> {
  await reader`delete from idempotency_keys where created_at < ${new Date(now.getTime() - KEPT_MS)}`;
}
