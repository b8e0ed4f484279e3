import { expect, test } from "vitest";
import { formatBytes } from "./format-bytes.ts";
import { formatMoney } from "./format-money.ts";
import { formatCount, formatMeasure, formatShare } from "./format-number.ts";
import { formatDuration, formatRelative } from "./format-time.ts";

test("bytes keep at most three digits in a binary unit", () => {
  expect([0, 1, 999, 1000, 1024, 268_435_456, 2 ** 31, 1_022_976].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "0.977 KiB",
    "1 KiB",
    "256 MiB",
    "2 GiB",
    "999 KiB",
  ]);
});

test("money is exact to the micro-unit", () => {
  expect(formatMoney("1000", "DEMO")).toBe("0.001 DEMO");
  expect(formatMoney("1234567000000")).toBe("1,234,567");
  expect(formatMoney("-2500000")).toBe("−2.5");
  expect(formatMoney("999999999999999999")).toBe("999,999,999,999.999999");
});

test("durations name their two largest units", () => {
  expect([12, 1500, 42_000, 125_000, 3_600_000, 90_000_000].map(formatDuration)).toEqual(["12 ms", "1.5 s", "42 s", "2 min 5 s", "1 h", "1 d 1 h"]);
});

test("relative times count in the unit that fits", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const at = (ms: number) => formatRelative(new Date(now.getTime() + ms), now);
  expect([at(-1000), at(-30_000), at(-180_000), at(-7_200_000), at(86_400_000)]).toEqual(["now", "30 seconds ago", "3 minutes ago", "2 hours ago", "tomorrow"]);
});

test("a share is 100 % only when nothing is missing", () => {
  expect([0, 0.5, 0.9999, 1].map(formatShare)).toEqual(["0%", "50%", "99.9%", "100%"]);
});

test("measures and counts read as a person writes them", () => {
  expect([0.123456, 12.34, 12_345.6].map(formatMeasure)).toEqual(["0.123", "12.3", "12,346"]);
  expect([formatCount(1, { one: "shard", other: "shards" }), formatCount(1200, { one: "shard", other: "shards" })]).toEqual(["1 shard", "1,200 shards"]);
});
