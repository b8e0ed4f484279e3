import { grantMsFor } from "./estimate-runtime.ts";

/** Halvings after losses in a row stop here: a sixteenth of a grant is one shard for most programs. */
const HALVINGS_MAX = 4;

/**
 * How many milliseconds of work a device gets at once: what it asks for, no more than its session's age makes worth risking, and half for each grant in a row
 * that it let go in silence. One report makes it whole again.
 */
export function packMs(device: { wantedMs: number; sessionMs: number; lossesInRow: number }): number {
  const { wantedMs, sessionMs, lossesInRow } = device;
  return Math.max(1, Math.floor(Math.min(wantedMs, grantMsFor(sessionMs)) / 2 ** Math.min(HALVINGS_MAX, lossesInRow)));
}

/**
 * How many shards of a job may go into one grant near its end: with `left` replicas not granted and `holders` devices at work, half of what an equal share
 * would be, so that all end at about the same time; at least one. Source: guided self-scheduling, C. D. Polychronopoulos, D. J. Kuck (1987).
 */
export function guidedShards({ left, holders }: { left: number; holders: number }): number {
  return Math.max(1, Math.ceil(left / (2 * Math.max(1, holders))));
}

/** Below so many ungranted replicas for each device at work none waits behind another one. */
const QUEUEABLE_LEFT_MIN = 0.5;

/**
 * Whether a device that computes for a job may have another shard of it waiting. While there is plenty that saves it a round trip; near the end it would keep a shard from
 * devices that are about to have nothing: with `left` replicas not granted and `holders` devices at work, from half a replica for each device on.
 */
export function mayQueue({ left, holders }: { left: number; holders: number }): boolean {
  return left > QUEUEABLE_LEFT_MIN * holders;
}
