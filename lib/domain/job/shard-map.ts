import type { DeviceId } from "../ids.ts";

/**
 * Where a shard stands, by how much it asks to be looked at: a mark that stands for many shards shows the first of these that any of them has.
 * `reported` has a result and no verdict, `granted` is computed and has no result, `wrong` was accepted although a replica disagreed. A `revoked` one had a
 * result that was found wrong and waits for another; a `provisional` one is usable and may still be revoked, an `accepted` one may not.
 */
export const SHARD_STATES = ["failed", "revoked", "wrong", "granted", "reported", "waiting", "provisional", "accepted"] as const;
export type ShardState = (typeof SHARD_STATES)[number];
export type StateCounts = Record<ShardState, number>;

/** A map never has more marks than this; a job with more shards has marks that stand for several. */
export const MARKS_MAX = 5000;

/** Neighbouring marks that look alike, from shard `fromNo` up to but without `toNo`; `counts` only where the states of the shards differ. */
export type ShardRun = { state: ShardState; fromNo: number; toNo: number; device?: DeviceId | undefined; counts?: Partial<StateCounts> | undefined };
export type ShardMap = {
  shardCount: number;
  shardsPerMark: number;
  /** Changes when verdicts changed that were there before: a window closed, or a result was revoked. Maps of two versions are not joined. */
  version: string;
  runs: ShardRun[];
};

/** What is known of one mark; shards that are in none of the counts wait. */
export type MarkTally = { mark: number; counts: Partial<StateCounts>; device: DeviceId | null };

/** How many shards a mark stands for, so that there are at most `MARKS_MAX` of them. */
export function shardsPerMark(shardCount: number): number {
  return Math.max(1, Math.ceil(shardCount / MARKS_MAX));
}

/** The marks from `fromMark` on as runs. `tallies` stand in the order of their marks; marks without one wait. */
export function buildRuns(shape: { shardCount: number; shardsPerMark: number; fromMark: number }, tallies: Iterable<MarkTally>): ShardRun[] {
  const { shardCount, shardsPerMark: width, fromMark } = shape;
  const runs: ShardRun[] = [];
  let next = fromMark * width;
  for (const { mark, counts, device } of tallies) {
    const [fromNo, toNo] = [mark * width, Math.min(shardCount, (mark + 1) * width)];
    if (fromNo > next) append(runs, { state: "waiting", fromNo: next, toNo: fromNo });
    append(runs, toRun({ fromNo, toNo, counts, device }));
    next = toNo;
  }
  if (next < shardCount) append(runs, { state: "waiting", fromNo: next, toNo: shardCount });
  return runs;
}

function toRun(mark: { fromNo: number; toNo: number; counts: Partial<StateCounts>; device: DeviceId | null }): ShardRun {
  const { fromNo, toNo, device } = mark;
  const known = Object.values(mark.counts).reduce((sum, count) => sum + count, 0);
  const all = { ...mark.counts, waiting: Math.max(0, toNo - fromNo - known) };
  const present = SHARD_STATES.filter((state) => (all[state] ?? 0) > 0);
  const [state = "waiting"] = present;
  return {
    state,
    fromNo,
    toNo,
    ...(state === "granted" && device !== null ? { device } : {}),
    ...(present.length > 1 ? { counts: Object.fromEntries(present.map((name) => [name, all[name]])) } : {}),
  };
}

/** Adds a run, or lengthens the last one where both look alike. */
function append(runs: ShardRun[], run: ShardRun): void {
  const last = runs.at(-1);
  const isAlike = last && last.toNo === run.fromNo && last.state === run.state && last.device === run.device && !last.counts && !run.counts;
  if (isAlike) last.toNo = run.toNo;
  else runs.push({ ...run });
}

/** How many shards are in each state. */
export function countStates(runs: readonly ShardRun[]): StateCounts {
  const counts: StateCounts = { failed: 0, revoked: 0, wrong: 0, granted: 0, reported: 0, waiting: 0, provisional: 0, accepted: 0 };
  for (const run of runs) {
    if (run.counts) for (const state of SHARD_STATES) counts[state] += run.counts[state] ?? 0;
    else counts[run.state] += run.toNo - run.fromNo;
  }
  return counts;
}

/** The first shard without a verdict; the number of shards when all have one. What lies before it does not have to be read again. */
export function firstUndecided({ runs, shardCount }: Pick<ShardMap, "runs" | "shardCount">): number {
  const open = runs.find(({ state, counts }) => isUndecided(state) || Object.keys(counts ?? {}).some((name) => isUndecided(name as ShardState)));
  return open?.fromNo ?? shardCount;
}

function isUndecided(state: ShardState): boolean {
  return state === "waiting" || state === "granted" || state === "reported" || state === "revoked";
}

/** What was known before the first shard of `fresh`, and `fresh` from there on. Both have one version. */
export function joinMaps(held: ShardMap, fresh: ShardMap): ShardMap {
  const from = fresh.runs[0]?.fromNo ?? fresh.shardCount;
  const runs: ShardRun[] = [];
  for (const run of held.runs) if (run.fromNo < from) append(runs, { ...run, toNo: Math.min(run.toNo, from) });
  for (const run of fresh.runs) append(runs, run);
  return { ...fresh, runs };
}
