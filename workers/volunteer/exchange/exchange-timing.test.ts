import { describe, expect, test } from "vitest";
import { type ExchangeState, untilExchangeMs } from "./exchange-timing.ts";

const state = (over: Partial<ExchangeState>): ExchangeState => ({
  nowMs: 100_000,
  lastExchangeAtMs: 99_000,
  askAtMs: 0,
  reportEveryMs: 15_000,
  wantsMore: false,
  holdsGrants: true,
  hasHandBacks: false,
  queued: 4,
  oldestFinishedAtMs: null,
  ...over,
});

describe("untilExchangeMs", () => {
  test("grants are renewed when the last exchange is a report interval old", () => {
    expect(untilExchangeMs(state({}))).toBe(14_000);
  });

  test("a result never waits longer than the report interval", () => {
    expect(untilExchangeMs(state({ oldestFinishedAtMs: 90_000 }))).toBe(5000);
    expect(untilExchangeMs(state({ oldestFinishedAtMs: 80_000 }))).toBe(0);
  });

  test("a result is reported at once when no shard waits for a core", () => {
    expect(untilExchangeMs(state({ oldestFinishedAtMs: 100_000, queued: 0 }))).toBe(0);
  });

  test("more is asked for at once, but not before the time the server named", () => {
    expect(untilExchangeMs(state({ wantsMore: true }))).toBe(0);
    expect(untilExchangeMs(state({ wantsMore: true, askAtMs: 103_000 }))).toBe(3000);
  });

  test("handing back does not wait", () => {
    expect(untilExchangeMs(state({ hasHandBacks: true, askAtMs: 200_000 }))).toBe(0);
  });

  test("with nothing held and nothing to ask it looks again after a report interval", () => {
    expect(untilExchangeMs(state({ holdsGrants: false, queued: 0 }))).toBe(15_000);
  });
});
