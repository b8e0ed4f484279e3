import { countStates, type ShardMap, type ShardRun, type ShardState, type StateCounts } from "#lib/domain/job/shard-map.ts";
import type { Words } from "#lib/text/words.ts";

/** What one mark stands for: one shard, or `toNo - fromNo` of them in a large job. */
export type Mark = ShardRun;

/** States from the goal back to the start, as a person reads them. */
export const STATES_AHEAD: readonly ShardState[] = ["accepted", "provisional", "wrong", "failed", "reported", "granted", "revoked", "waiting"];

/** The marks of a map, one by one in the order of their shards. */
export function listMarks({ runs, shardsPerMark }: ShardMap): Mark[] {
  const marks: Mark[] = [];
  for (const run of runs) {
    for (let fromNo = run.fromNo; fromNo < run.toNo; fromNo += shardsPerMark) marks.push({ ...run, fromNo, toNo: Math.min(run.toNo, fromNo + shardsPerMark) });
  }
  return marks;
}

/** A mark in words: its shards and how they stand. */
export function sayMark({ fromNo, toNo, state, counts }: Mark, words: Words): string {
  const {
    text: {
      jobs: { shoal: text },
    },
    fill,
  } = words;
  const name = toNo - fromNo === 1 ? fill(text.shard, { no: fromNo }) : fill(text.shards, { from: fromNo, to: toNo - 1 });
  return `${name}: ${counts ? sayCounts(counts, words) : text.states[state].word}`;
}

/** Counts in words, the further ahead the earlier; states that no shard is in are left out. */
function sayCounts(
  counts: Partial<StateCounts>,
  {
    text: {
      jobs: { shoal: text },
    },
    fill,
  }: Words,
): string {
  const parts = STATES_AHEAD.filter((state) => (counts[state] ?? 0) > 0).map((state) =>
    fill(text.count, { count: counts[state] ?? 0, state: text.states[state].word }),
  );
  return parts.join(", ");
}

/** The whole map in one sentence. */
export function sayMap({ shardCount, shardsPerMark, runs }: ShardMap, words: Words): string {
  const {
    text: {
      jobs: { shoal: text },
    },
    fill,
  } = words;
  const counts = sayCounts(countStates(runs), words);
  return fill(shardsPerMark === 1 ? text.summary : text.summaryMany, { all: shardCount, each: shardsPerMark, counts });
}
