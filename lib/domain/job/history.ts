/** No more shards than this are looked at, whatever the size of the job. */
export const HISTORY_SHARDS_MAX = 5000;
/** Into how many parts the life of a job is divided. */
export const HISTORY_SPANS = 60;

/** The numbers of the shards that stand for all: every `every`-th, at most `HISTORY_SHARDS_MAX`. */
export function sampleShards(shardCount: number): { every: number; nos: number[] } {
  const every = Math.max(1, Math.ceil(shardCount / HISTORY_SHARDS_MAX));
  return { every, nos: Array.from({ length: Math.ceil(shardCount / every) }, (_, i) => i * every) };
}

/** A verdict of a sampled shard, and how long its agreeing replicas ran in milliseconds. */
export type SampledVerdict = { atMs: number; ranMs: readonly number[] };
export type HistorySpan = { fromMs: number; toMs: number; shardsPerMinute: number; medianMs: number | null; slowMs: number | null };

const MINUTE_MS = 60_000;
const SLOW_SHARE = 0.95;

/** The life of a job from `fromMs` to `toMs` in equal parts, with the rate and the run times of each. A job that began just now has parts of a millisecond. */
export function buildHistory(verdicts: readonly SampledVerdict[], life: { fromMs: number; toMs: number; every: number }): HistorySpan[] {
  const { fromMs, every } = life;
  const spanMs = Math.max(1, (life.toMs - fromMs) / HISTORY_SPANS);
  const parts = Array.from({ length: HISTORY_SPANS }, () => ({ count: 0, ranMs: [] as number[] }));
  for (const { atMs, ranMs } of verdicts) {
    const part = parts[Math.min(HISTORY_SPANS - 1, Math.max(0, Math.floor((atMs - fromMs) / spanMs)))];
    if (!part) continue;
    part.count++;
    part.ranMs.push(...ranMs);
  }
  return parts.map(({ count, ranMs }, i) => {
    const sorted = ranMs.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    return {
      fromMs: fromMs + i * spanMs,
      toMs: fromMs + (i + 1) * spanMs,
      shardsPerMinute: (count * every * MINUTE_MS) / spanMs,
      medianMs: at(0.5),
      slowMs: at(SLOW_SHARE),
    };
  });
}
