import { expect, test } from "vitest";
import { isBudgetLow } from "./is-budget-low.ts";
import { completeSettings, decideWays, NOTICE_DEFAULTS, NOTICE_KINDS } from "./notice.ts";

test("unless somebody chose otherwise, all is told, and jobs of others are not pushed", () => {
  for (const kind of NOTICE_KINDS) {
    expect(decideWays(NOTICE_DEFAULTS, { kind, isOwn: true })).toEqual({ feed: true, push: true });
    expect(decideWays(NOTICE_DEFAULTS, { kind, isOwn: false })).toEqual({ feed: true, push: false });
  }
});

test("a kind that is off is off for every job, and what is not in the feed is not pushed", () => {
  const settings = completeSettings({ done: { feed: false, push: true }, shared: { feed: true, push: true } });
  expect(decideWays(settings, { kind: "done", isOwn: true })).toEqual({ feed: false, push: false });
  expect(decideWays(settings, { kind: "done", isOwn: false })).toEqual({ feed: false, push: false });
  expect(decideWays(settings, { kind: "stopped", isOwn: false })).toEqual({ feed: true, push: true });
});

test("jobs of others that are off leave one's own alone", () => {
  const settings = completeSettings({ shared: { feed: false, push: false } });
  expect(decideWays(settings, { kind: "done", isOwn: true }).feed).toBe(true);
  expect(decideWays(settings, { kind: "done", isOwn: false }).feed).toBe(false);
});

const JOB = { budgetMicro: 1000n, committedMicro: 0n, costMicro: 10n, shardCount: 50, heads: [50, 50] };

test.each([
  ["nothing was granted yet", { heads: [0, 0] }, false],
  ["a tenth is free", { committedMicro: 900n, heads: [45, 0] }, false],
  ["less than a tenth is free and more is to be granted", { committedMicro: 910n, heads: [45, 40] }, true],
  ["what is free covers all that is to be granted", { committedMicro: 950n, heads: [48, 47] }, false],
  ["all is granted", { committedMicro: 1000n }, false],
  ["it costs nothing", { budgetMicro: 0n, costMicro: 0n, heads: [0, 0] }, false],
])("a budget when %s", (_when, change, isLow) => {
  expect(isBudgetLow({ ...JOB, ...change })).toBe(isLow);
});
