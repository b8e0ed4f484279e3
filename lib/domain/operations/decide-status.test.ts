import { expect, test } from "vitest";
import { decideBackground, decideChain, decidePayouts, decideStatus, type PartState, type StatusPart } from "./decide-status.ts";

const WELL: Record<StatusPart, PartState> = { database: "ok", background: "ok", chain: "ok", payouts: "absent" };
const NOW = 10_000_000;

test("the worst of parts, incidents and the operator's stop is what people read", () => {
  expect(decideStatus({ parts: WELL, incidents: [], isStopped: false })).toBe("up");
  expect(decideStatus({ parts: WELL, incidents: ["notice"], isStopped: false })).toBe("up");
  expect(decideStatus({ parts: { ...WELL, background: "late" }, incidents: [], isStopped: false })).toBe("degraded");
  expect(decideStatus({ parts: { ...WELL, chain: "failed" }, incidents: [], isStopped: false })).toBe("degraded");
  expect(decideStatus({ parts: WELL, incidents: ["notice", "degraded"], isStopped: false })).toBe("degraded");
  expect(decideStatus({ parts: { ...WELL, background: "late" }, incidents: [], isStopped: true })).toBe("stopped");
  expect(decideStatus({ parts: WELL, incidents: ["down"], isStopped: true })).toBe("down");
  expect(decideStatus({ parts: { ...WELL, database: "failed" }, incidents: [], isStopped: false })).toBe("down");
});

test("background work is late when one duty has not ended well for two minutes beyond its rhythm, or none ever ran", () => {
  const well = { doneAtMs: NOW - 1000, everyMs: 2000 };
  expect(decideBackground([well, { doneAtMs: NOW - 170_000, everyMs: 60_000 }], NOW)).toBe("ok");
  expect(decideBackground([well, { doneAtMs: NOW - 123_000, everyMs: 2000 }], NOW)).toBe("late");
  expect(decideBackground([well, { doneAtMs: null, everyMs: 2000 }], NOW)).toBe("late");
  expect(decideBackground([], NOW)).toBe("late");
});

test("a chain that nobody followed for five minutes is late, and a frozen one has failed", () => {
  expect(decideChain(null, NOW)).toBe("absent");
  expect(decideChain({ followedAtMs: NOW - 299_000, isFrozen: false }, NOW)).toBe("ok");
  expect(decideChain({ followedAtMs: NOW - 301_000, isFrozen: false }, NOW)).toBe("late");
  expect(decideChain({ followedAtMs: null, isFrozen: false }, NOW)).toBe("late");
  expect(decideChain({ followedAtMs: NOW, isFrozen: true }, NOW)).toBe("failed");
});

test("payouts are late when an epoch that is not done is older than two rhythms and ten minutes", () => {
  const day = 86_400_000;
  const at = 10 * day;
  expect(decidePayouts(null, at)).toBe("absent");
  expect(decidePayouts({ cutAtMs: null, everyMs: day, isBehind: false }, at)).toBe("ok");
  expect(decidePayouts({ cutAtMs: at - 5 * day, everyMs: day, isBehind: false }, at)).toBe("ok");
  expect(decidePayouts({ cutAtMs: at - 2 * day, everyMs: day, isBehind: true }, at)).toBe("ok");
  expect(decidePayouts({ cutAtMs: at - 2 * day - 600_001, everyMs: day, isBehind: true }, at)).toBe("late");
});
