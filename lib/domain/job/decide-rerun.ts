import type { JobState } from "./job.ts";

/** What a job is, as the decision about computing its failed shards again needs it. */
export type RerunFacts = {
  state: JobState;
  /** Nothing of it moves any more: no grant, no money in its escrow. */
  isClosed: boolean;
  shardCount: number;
  accepted: number;
  failed: number;
  /** Failed shards whose verdict can still be revoked. */
  provisional: number;
  /** Its program and input are kept no longer. */
  isEmptied: boolean;
};

export type RerunRefusal = "not_ended" | "cancelled" | "stopped_early" | "none_failed" | "provisional" | "files_gone";

/**
 * Whether the failed shards of a job may be computed again: once every shard has a verdict, those of the failed ones are final and everybody is paid, so that a
 * further round takes nothing from anybody. Null where they may. A job that stopped before it tried all of its shards is not one whose shards failed: its program
 * or input is at fault.
 */
export function decideRerun({ state, isClosed, shardCount, accepted, failed, provisional, isEmptied }: RerunFacts): RerunRefusal | null {
  if (state === "cancelled") return "cancelled";
  if (state !== "final" && state !== "failed") return "not_ended";
  if (failed === 0) return "none_failed";
  if (accepted + failed < shardCount) return "stopped_early";
  if (!isClosed || provisional > 0) return "provisional";
  return isEmptied ? "files_gone" : null;
}
