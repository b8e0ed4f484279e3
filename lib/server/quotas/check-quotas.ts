import "server-only";
import type { AccountId, Sha256 } from "#lib/domain/ids.ts";
import { UPLOAD_BYTES_MIN } from "#lib/domain/quota/quotas.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { sumOpenUploads } from "../artifacts/uploads/upload-store.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { countOpenJobs, lockQuotas, sumKeptBytes, sumOutputBytes } from "./quota-store.ts";

/** What an account is to keep beyond what it has. */
type Upload = { sha256: Sha256; bytes: number };

/**
 * Throws `kept_full` if the account would keep more than it may with this upload; results count, and what it has under way as if it were whole. Locks the account, so
 * that two uploads cannot both take what is left.
 */
export async function refuseKept(tx: Tx, { config }: Services, accountId: AccountId, upload: Upload): Promise<void> {
  const { keptBytesMax } = config.quotas;
  await lockQuotas(tx, accountId);
  const open = await sumOpenUploads(tx, accountId, upload);
  const kept = (await sumKeptBytes(tx, accountId)) + (await sumOutputBytes(tx, accountId)) + open.bytes;
  if (kept + Math.max(upload.bytes, UPLOAD_BYTES_MIN) > keptBytesMax) throw new ApiError("kept_full", { kept, limit: keptBytesMax, seconds: 3600 });
}

/** Throws `jobs_open` if the account has as many open jobs as it may, `kept_full` if it keeps more than it may already. The caller holds the account's lock. */
export async function refuseJob(tx: Tx, { config }: Services, accountId: AccountId): Promise<void> {
  const { openJobsMax, keptBytesMax } = config.quotas;
  if ((await countOpenJobs(tx, accountId, openJobsMax)) >= openJobsMax) throw new ApiError("jobs_open", { limit: openJobsMax, seconds: 60 });
  const kept = (await sumKeptBytes(tx, accountId)) + (await sumOutputBytes(tx, accountId));
  if (kept > keptBytesMax) throw new ApiError("kept_full", { kept, limit: keptBytesMax, seconds: 3600 });
}
