import type { ErrandOutcome } from "../errand/errand.ts";

/** Devices of an account that check its jobs and are not revoked, at most. */
export const CHECKING_DEVICES_MAX = 16;

/** Doubts of an owner that wait for a trusted device of the instance at once, in one job. */
export const DOUBTS_OPEN_MAX = 16;

/**
 * What a run on a device of the job's owner says about an accepted output: equal under the job's comparison, something else, or null where the machine gave up
 * before the program ended, which says nothing.
 */
export function readOwnCheck({ outcome, isEqual }: { outcome: ErrandOutcome; isEqual: boolean }): boolean | null {
  if (outcome === "ok") return isEqual;
  return outcome === "no_output" || outcome === "exit_code" || outcome === "trap" ? false : null;
}

/**
 * Whether an owner's doubt has a trusted device of the instance look at a shard: only where its result can still be taken back, nobody was asked about it yet,
 * and not too many doubts of the job wait. The owner's device itself decides nothing: whoever judges alone what is paid could have everything computed for nothing.
 */
export function mayDoubt(shard: { isEqual: boolean | null; isProvisional: boolean; isChecked: boolean; openDoubts: number }): boolean {
  return shard.isEqual === false && shard.isProvisional && !shard.isChecked && shard.openDoubts < DOUBTS_OPEN_MAX;
}
