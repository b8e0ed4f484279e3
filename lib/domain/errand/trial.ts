/** A dry run on a trusted device, for nobody's pay: a few shards of a job that is not submitted yet. */
export const TRIAL_LIMITS = {
  shardsMax: 5,
  /** What one of its shards reads travels in the request. */
  inputBytesMax: 2 * 1024 * 1024,
  timeMsMax: 60_000,
  /** What an account may ask for within `periodMs`. */
  shardsPerPeriodMax: 60,
  periodMs: 3_600_000,
  /** An output travels with the answer up to here; of a larger one its digest does. */
  shownBytesMax: 1024 * 1024,
} as const;
