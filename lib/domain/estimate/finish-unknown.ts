import type { Runtime } from "../job/job.ts";

/**
 * Why it cannot be told when a job would be done.
 *
 * | reason | means |
 * |---|---|
 * | kernel | it runs on graphics cards, and which devices have one is known only while they ask for work |
 * | no_device | nobody lends a device now |
 * | no_pool_device | none of the pool's devices is there now |
 * | too_few_devices | fewer devices are there whose results count apart than have to agree |
 * | untried | no shard was tried, so nothing says how long one takes |
 */
export const FINISH_UNKNOWN = ["kernel", "no_device", "no_pool_device", "too_few_devices", "untried"] as const;
export type FinishUnknown = (typeof FINISH_UNKNOWN)[number];

/** `voters`: how many results of one shard the devices that are there could give that count apart. */
type Known = { runtime: Runtime; isOfPool: boolean; quorum: number; fleet: { devices: number; voters: number }; trials: number };

/** Why a job's time cannot be told, first what trying a shard would not change; null where it can. */
export function whyFinishUnknown({ runtime, isOfPool, quorum, fleet, trials }: Known): FinishUnknown | null {
  if (runtime === "wgsl") return "kernel";
  if (fleet.devices === 0) return isOfPool ? "no_pool_device" : "no_device";
  if (fleet.voters < quorum) return "too_few_devices";
  return trials === 0 ? "untried" : null;
}
