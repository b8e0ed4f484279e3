/** Over how long the rate of a job is taken. */
export const RATE_WINDOW_MS = 60_000;

/** Verdicts per second over the last minute, or over the job's whole age while it is younger (but never less than a second). */
export function shardsPerSecond(recent: { decidedInWindow: number; ageMs: number }): number {
  const windowMs = Math.min(RATE_WINDOW_MS, Math.max(1000, recent.ageMs));
  return (recent.decidedInWindow * 1000) / windowMs;
}

/** Whole seconds until the last verdict at the present rate; 0 when none is missing, null when nothing moves. */
export function secondsLeft(job: { shardCount: number; decided: number; shardsPerSecond: number }): number | null {
  const missing = job.shardCount - job.decided;
  if (missing <= 0) return 0;
  return job.shardsPerSecond > 0 ? Math.ceil(missing / job.shardsPerSecond) : null;
}
