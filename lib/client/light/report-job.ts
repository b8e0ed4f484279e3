import type { JobId } from "#lib/domain/ids.ts";
import type { WireError } from "#lib/protocol/errors.ts";

/**
 * Tells the operators what is wrong with a job, in the name of whoever is signed in here, or of nobody. Throws an error that `sayError` has words for. It is
 * without the typed calls, whose table of errors weighs more than the volunteer's page may.
 */
export async function reportJob(jobId: JobId, text: string): Promise<void> {
  const body = JSON.stringify({ text });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body };
  const answer = await fetch(`/api/v1/jobs/${jobId}/reports`, request).catch(() => null);
  if (answer?.ok) return;
  const refusal = ((await answer?.json().catch(() => null)) as { error?: WireError } | null | undefined)?.error;
  if (!refusal) throw Object.assign(new Error("The instance cannot be reached."), { name: "OfflineError" });
  throw Object.assign(new Error(refusal.message), { name: "ApiError", code: refusal.code, params: refusal.params });
}
