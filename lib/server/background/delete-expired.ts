import "server-only";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import { quotaDay } from "#lib/domain/quota/quotas.ts";
import { deleteExpiredLogins } from "../accounts/logins/login-store.ts";
import { deleteExpiredUploads } from "../artifacts/uploads/delete-expired-uploads.ts";
import type { Services } from "../context.ts";
import { deleteOldIdempotencyKeys } from "../idempotency/idempotency-store.ts";
import { deleteStaleNotices } from "../notices/notice-store.ts";
import { deleteUploadDays } from "../quotas/quota-store.ts";
import { deleteTrials } from "../trials/trial-store.ts";
import { forgetAudits } from "../trust/auditor-store.ts";
import { LOOKS_BACK_MS } from "../trust/examine-auditors.ts";

/**
 * Deletes challenges nobody answered, counts of uploads of days that are over, signals of clusters, whom trusted devices confirmed, keys of repeats, unfinished uploads,
 * notices and dry runs once they have expired, and enrolment codes nobody used a day after.
 */
export async function deleteExpired(
  services: Services,
): Promise<{ challenges: number; enrolments: number; signals: number; uploads: number; notices: number; trials: number }> {
  const now = services.clock.now();
  const challenges = await services.db`delete from challenges where expires_at < ${now}`;
  const enrolments = await services.db`delete from enrolments where used_at is null and expires_at < ${new Date(now.getTime() - 86_400_000)}`;
  await deleteExpiredLogins(services.db, now);
  await deleteUploadDays(services.db, quotaDay(now));
  await deleteOldIdempotencyKeys(services.db, now);
  const signals = await services.db`delete from cluster_keys where expires_at < ${now}`;
  await forgetAudits(services.db, new Date(now.getTime() - LOOKS_BACK_MS));
  const notices = await deleteStaleNotices(services.db, now);
  const trials = await deleteTrials(services.db, new Date(now.getTime() - TRIAL_LIMITS.periodMs));
  const uploads = await deleteExpiredUploads(services);
  return { challenges: challenges.count, enrolments: enrolments.count, signals: signals.count, uploads, notices, trials };
}
