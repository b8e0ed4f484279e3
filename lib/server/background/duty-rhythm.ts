import { COUNT_EVERY_MS } from "#lib/domain/network/counts.ts";

/** How often each duty of the background work runs, in milliseconds after it last ended. */
export const DUTY_EVERY_MS = {
  sweep: 2000,
  trust: 2000,
  "count-network": COUNT_EVERY_MS,
  payouts: 2000,
  notices: 2000,
  "delete-expired": 60_000,
  "collect-artifacts": 600_000,
  "archive-jobs": 600_000,
} as const;
export type DutyName = keyof typeof DUTY_EVERY_MS;
