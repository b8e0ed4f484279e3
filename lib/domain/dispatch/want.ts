import { type Pace, TIMINGS_TRUSTED_MIN } from "./size-grant.ts";

/** How long one batch keeps a device busy. A phone's visits are short and what it holds at their end is handed back; rests between shards want short ones. */
export const BATCH_MS = { full: 10_000, resting: 5000, phone: 4000 } as const;

/** A device holds at most this many shards, however short they are; twice what one exchange can carry. */
export const HELD_SHARDS_MAX = 2048;

const SHARDS_ASKED_MAX = 1024;

/** What a device holds of one job: `queued` shards wait for a core, `running` ones have it. */
export type HeldJob = { queued: number; running: number; pace: Pace };

export type Want = { shardsMax: number; timeMs: number };

export const NO_WANT: Want = { shardsMax: 0, timeMs: 0 };

/** `cores` compute at a time, each for `duty` of the time; a batch is to last for `batchMs`. */
export type DeviceShape = { cores: number; duty: number; batchMs: number };

/** The shape of a device from what its volunteer allows. */
export function batchMsOf(device: { isPhone: boolean; share: number }): number {
  if (device.isPhone) return BATCH_MS.phone;
  return device.share < 1 ? BATCH_MS.resting : BATCH_MS.full;
}

/**
 * How much a device asks for next, so that one batch computes while another one waits: nothing while half a batch is queued, a batch otherwise. While the
 * pace of what it runs is unknown it holds one shard per core and one more, and from the first timing on two per core unless they are long. Slow programs
 * always have at least one shard queued.
 */
export function decideWant(device: DeviceShape & { held: readonly HeldJob[] }): Want {
  const { cores, duty, batchMs } = device;
  const held = device.held.filter((job) => job.queued + job.running > 0);
  const heldShards = held.reduce((sum, job) => sum + job.queued + job.running, 0);
  const timeMs = Math.max(1, Math.round(batchMs * duty));
  if (held.length === 0 || held.some((job) => !isKnown(job.pace))) {
    const areShort = held.length > 0 && held.every(({ pace }) => pace !== null && pace.msPerShard <= timeMs);
    const shardsMax = Math.max(0, cores + (areShort ? cores : 1) - heldShards);
    return shardsMax === 0 ? NO_WANT : { shardsMax, timeMs };
  }
  const queuedMs = held.reduce((sum, job) => sum + job.queued * (job.pace?.msPerShard ?? 0), 0) / cores;
  const shardsMax = Math.min(SHARDS_ASKED_MAX, HELD_SHARDS_MAX - heldShards);
  return queuedMs >= timeMs / 2 || shardsMax <= 0 ? NO_WANT : { shardsMax, timeMs };
}

function isKnown(pace: Pace): boolean {
  return pace !== null && pace.count >= TIMINGS_TRUSTED_MIN;
}
