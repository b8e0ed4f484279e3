/** What one account may take of an instance. */
export type Quotas = {
  /** Bytes that it may send as uploads within a day (UTC). */
  uploadDayBytesMax: number;
  /** Bytes of its uploads that are kept at a time, those that are not whole yet among them. */
  keptBytesMax: number;
  /** Its jobs that have not ended, at a time. */
  openJobsMax: number;
};

/** An upload counts for at least so much: a store gives each its own block, and the database a row. */
export const UPLOAD_BYTES_MIN = 4096;

const DAY_MS = 86_400_000;

/** The day (UTC) that a moment belongs to, as a date like 2026-03-14. */
export function quotaDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Whole seconds until the next day (UTC) begins, at least one: when a quota of the day is whole again. */
export function secondsToNextDay(at: Date): number {
  return Math.max(1, Math.ceil((DAY_MS - (at.getTime() % DAY_MS)) / 1000));
}
