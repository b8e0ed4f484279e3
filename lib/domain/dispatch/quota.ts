/** How many shards a device may take in ten minutes, and how it came to that. */
export type Quota = { shards: number; abandonsInRow: number };

const QUOTA_START = 20;
const QUOTA_MIN = 1;
const ABANDONS_IN_ROW_MAX = 3;

/** Where a device begins. */
export const NEW_QUOTA: Readonly<Quota> = { shards: QUOTA_START, abandonsInRow: 0 };

/** What a device did: a period without trouble, a finished shard, one it silently abandoned, a machine error, or a result proven wrong. */
export type QuotaEvent = "clean_period" | "finished" | "abandoned" | "machine_error" | "wrong";

/** The quota after an event: doubled by a clean period, halved by an error or each third abandon in a row, one after a wrong result; 1 to `shardsMax`. */
export function foldQuota(quota: Quota, event: QuotaEvent, shardsMax: number): Quota {
  switch (event) {
    case "clean_period":
      return { shards: Math.min(shardsMax, quota.shards * 2), abandonsInRow: 0 };
    case "finished":
      return { ...quota, abandonsInRow: 0 };
    case "machine_error":
      return { ...quota, shards: halved(quota.shards) };
    case "wrong":
      return { shards: QUOTA_MIN, abandonsInRow: 0 };
    case "abandoned": {
      const abandonsInRow = quota.abandonsInRow + 1;
      return abandonsInRow < ABANDONS_IN_ROW_MAX ? { ...quota, abandonsInRow } : { shards: halved(quota.shards), abandonsInRow: 0 };
    }
  }
}

function halved(shards: number): number {
  return Math.max(QUOTA_MIN, Math.floor(shards / 2));
}
