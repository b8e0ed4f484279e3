import { type Pace, TIMINGS_TRUSTED_MIN } from "./size-grant.ts";

/** How long one batch keeps all cores of a device busy. */
export const BATCH_MS = 10_000;

/** A device holds at most this many shards, however short they are; twice what one exchange can carry. */
export const HELD_SHARDS_MAX = 2048;

const SHARDS_ASKED_MAX = 1024;

/** What a device holds of one job: `queued` shards wait for a core, `running` ones have it. */
export type HeldJob = { queued: number; running: number; pace: Pace };

export type Want = { shardsMax: number; timeMs: number };

/**
 * How much a device asks for next, so that one batch computes while another one waits: nothing while half a batch is queued, a batch otherwise. While the
 * pace of what it runs is unknown it holds one shard per core and one more. Slow programs always have at least one shard queued.
 */
export function decideWant(device: { cores: number; held: readonly HeldJob[] }): Want {
  const { cores, held } = device;
  const nothing = { shardsMax: 0, timeMs: 0 };
  const heldShards = held.reduce((sum, job) => sum + job.queued + job.running, 0);
  const isUnmeasured = held.length === 0 || held.some((job) => job.queued + job.running > 0 && !isKnown(job.pace));
  if (isUnmeasured) {
    const shardsMax = Math.max(0, cores + 1 - heldShards);
    return shardsMax === 0 ? nothing : { shardsMax, timeMs: BATCH_MS };
  }
  const queuedMs = held.reduce((sum, job) => sum + job.queued * (job.pace?.msPerShard ?? 0), 0) / cores;
  const shardsMax = Math.min(SHARDS_ASKED_MAX, HELD_SHARDS_MAX - heldShards);
  return queuedMs >= BATCH_MS / 2 || shardsMax <= 0 ? nothing : { shardsMax, timeMs: BATCH_MS };
}

function isKnown(pace: Pace): boolean {
  return pace !== null && pace.count >= TIMINGS_TRUSTED_MIN;
}
