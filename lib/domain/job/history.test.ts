import { expect, test } from "vitest";
import { buildHistory, HISTORY_SHARDS_MAX, HISTORY_SPANS, sampleShards } from "./history.ts";

test("a small job is looked at whole, a large one evenly and never more than bounded", () => {
  expect(sampleShards(3)).toEqual({ every: 1, nos: [0, 1, 2] });
  for (const count of [1, HISTORY_SHARDS_MAX, HISTORY_SHARDS_MAX + 1, 10_000_000]) {
    const { every, nos } = sampleShards(count);
    expect(nos.length).toBeLessThanOrEqual(HISTORY_SHARDS_MAX);
    expect(nos.at(-1)).toBeLessThan(count);
    expect(nos.length * every).toBeGreaterThanOrEqual(count);
  }
});

test("rates add up to all verdicts, scaled up where only some were looked at", () => {
  const life = { fromMs: 0, toMs: HISTORY_SPANS * 60_000, every: 10 };
  const spans = buildHistory(
    [
      { atMs: 1, ranMs: [100, 300] },
      { atMs: 2, ranMs: [200] },
      { atMs: life.toMs, ranMs: [] },
    ],
    life,
  );
  expect(spans).toHaveLength(HISTORY_SPANS);
  expect(spans[0]).toEqual({ fromMs: 0, toMs: 60_000, shardsPerMinute: 20, medianMs: 200, slowMs: 300 });
  expect(spans[1]).toMatchObject({ shardsPerMinute: 0, medianMs: null, slowMs: null });
  expect(spans.at(-1)).toMatchObject({ shardsPerMinute: 10, medianMs: null });
});

test("a job that began this moment, and a clock that ran backwards, break nothing", () => {
  const spans = buildHistory([{ atMs: 5, ranMs: [1] }], { fromMs: 10, toMs: 10, every: 1 });
  expect(spans.every((span) => Number.isFinite(span.shardsPerMinute))).toBe(true);
  expect(spans[0]?.medianMs).toBe(1);
});
