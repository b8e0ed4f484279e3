import { expect, test } from "vitest";
import { formatOf } from "./create-format.ts";

const en = formatOf("en");
const de = formatOf("de");
/** `Intl` keeps some words together with spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("bytes keep at most three digits in a binary unit", () => {
  const sizes = [0, 1, 999, 1000, 1024, 268_435_456, 2 ** 31, 1_022_976];
  expect(sizes.map(en.bytes)).toEqual(["0 bytes", "1 byte", "999 bytes", "0.977 KiB", "1 KiB", "256 MiB", "2 GiB", "999 KiB"]);
  expect([1, 999, 1000, 1_610_612_736].map((size) => plain(de.bytes(size)))).toEqual(["1 Byte", "999 Byte", "0,977 KiB", "1,5 GiB"]);
});

test("money is exact to the micro-unit, with the separators of the language", () => {
  expect(en.money("1000", "DEMO")).toBe("0.001 DEMO");
  expect(en.money("1234567000000")).toBe("1,234,567");
  expect(en.money("-2500000")).toBe("−2.5");
  expect(en.money("999999999999999999")).toBe("999,999,999,999.999999");
  expect(de.money("1234567890000", "DEMO")).toBe("1.234.567,89 DEMO");
  expect(de.money("-2500000")).toBe("−2,5");
});

test("durations name their two largest units", () => {
  expect([12, 1500, 42_000, 125_000, 3_600_000, 90_000_000].map(en.duration)).toEqual(["12 ms", "1.5 s", "42 s", "2 min 5 s", "1 h", "1 d 1 h"]);
  expect(de.duration(1500)).toBe("1,5 s");
});

test("relative times count in the unit that fits", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const at = (ms: number) => new Date(now.getTime() + ms);
  const distances = [-1000, -30_000, -180_000, -7_200_000, 86_400_000].map(at);
  expect(distances.map((date) => en.relative(date, now))).toEqual(["now", "30 seconds ago", "3 minutes ago", "2 hours ago", "tomorrow"]);
  expect(distances.map((date) => plain(de.relative(date, now)))).toEqual(["jetzt", "vor 30 Sekunden", "vor 3 Minuten", "vor 2 Stunden", "morgen"]);
});

test("a share is 100 % only when nothing is missing", () => {
  expect([0, 0.5, 0.9999, 1].map(en.share)).toEqual(["0%", "50%", "99.9%", "100%"]);
  expect([0.5, 0.9999].map((share) => plain(de.share(share)))).toEqual(["50 %", "99,9 %"]);
});

test("measures and counts read as a person of the language writes them", () => {
  expect([0.123456, 12.34, 12_345.6].map(en.measure)).toEqual(["0.123", "12.3", "12,346"]);
  expect([0.123456, 12.34, 12_345.6].map(de.measure)).toEqual(["0,123", "12,3", "12.346"]);
  const cores = { one: "Kern", other: "Kerne" };
  expect([de.count(1, cores), de.count(1200, cores)]).toEqual(["1 Kern", "1.200 Kerne"]);
});

test("the edges of a span are told apart, however short it is", () => {
  const end = new Date(2026, 0, 1, 12, 0, 6);
  const edges = (lengthMs: number) => [new Date(end.getTime() - lengthMs), end].map((at) => plain(en.edge(at, lengthMs)));
  expect(edges(6000)).toEqual(["12:00:00 PM", "12:00:06 PM"]);
  expect(edges(3_600_000)).toEqual(["11:00 AM", "12:00 PM"]);
  expect(edges(86_400_000)).toEqual(["Dec 31, 2025, 12:00 PM", "Jan 1, 2026, 12:00 PM"]);
  expect(plain(de.edge(end, 6000))).toBe("12:00:06");
});

test("a share that was agreed to is said to its last digit", () => {
  expect([0, 1, 1050, 3333, 10_000].map((bps) => formatOf("en").exactShare(bps))).toEqual(["0%", "0.01%", "10.5%", "33.33%", "100%"]);
  expect(formatOf("de").exactShare(3333)).toBe("33,33\u00a0%");
});
