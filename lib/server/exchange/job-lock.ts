import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import type { Tx } from "../db/client.ts";

/** Advisory locks take a signed 64-bit number; half of a job's UUID is unique enough, for a clash only makes two jobs wait for each other. */
function lockKey(jobId: JobId): string {
  return BigInt.asIntN(64, BigInt(`0x${uuidOf(jobId).slice(16)}`)).toString();
}

/** Lets settlements of a job run side by side and keeps its ending out until they are committed. What is read by a statement after it stays true until then. */
export async function shareLock(tx: Tx, jobId: JobId): Promise<void> {
  await tx`select pg_advisory_xact_lock_shared(${lockKey(jobId)}::bigint)`;
}

/** The same, and the job's state and up to which window its pay has vested, read under the lock. */
export async function shareJob(tx: Tx, jobId: JobId): Promise<{ state: JobState; vestedWindowNo: number } | null> {
  const [, [row]] = await Promise.all([
    shareLock(tx, jobId),
    tx<{ state: JobState; vestedWindowNo: number }[]>`select state, vested_window_no as "vestedWindowNo" from job_cursors where job_id = ${uuidOf(jobId)}`,
  ]);
  return row ?? null;
}

/** Waits for running settlements of a job and keeps new ones out until the transaction ends. */
export async function lockJob(tx: Tx, jobId: JobId): Promise<void> {
  await tx`select pg_advisory_xact_lock(${lockKey(jobId)}::bigint)`;
}
