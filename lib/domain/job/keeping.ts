const DAY_MS = 86_400_000;

/** The owner of a job is told so long before its results go. */
export const RESULTS_NOTICE_MS = 7 * DAY_MS;

/** From when on it is told that the results of a job go which closed then and keeps them for `keptMs`. */
export function noticeAt(closedAt: Date, keptMs: number): Date {
  return new Date(closedAt.getTime() + Math.max(0, keptMs - RESULTS_NOTICE_MS));
}

/** When they go if it is told at `toldAt`, or will be told in time: never sooner than so long after somebody could know of it. */
export function resultsEndAt(closedAt: Date, keptMs: number, toldAt: Date): Date {
  return new Date(Math.max(closedAt.getTime() + keptMs, toldAt.getTime() + RESULTS_NOTICE_MS));
}
