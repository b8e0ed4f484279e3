import { expect, test } from "vitest";
import { PaceMeter } from "./transfer-pace.ts";

const totalBytes = 100_000;

test("nothing is said before half a second, then the rate of the last ten seconds and the rest at that rate", () => {
  const meter = new PaceMeter();
  expect(meter.add(0, { doneBytes: 0, totalBytes })).toEqual({ bytesPerSecond: null, msLeft: null });
  expect(meter.add(499, { doneBytes: 499, totalBytes })).toEqual({ bytesPerSecond: null, msLeft: null });
  expect(meter.add(1000, { doneBytes: 1000, totalBytes })).toEqual({ bytesPerSecond: 1000, msLeft: 99_000 });
  for (let s = 2; s <= 30; s++) meter.add(s * 1000, { doneBytes: 1000 + (s - 1) * 2000, totalBytes });
  expect(meter.add(31_000, { doneBytes: 61_000, totalBytes })).toEqual({ bytesPerSecond: 2000, msLeft: 19_500 });
});

test("a connection that brings less than one part in ten seconds still has a rate", () => {
  const meter = new PaceMeter();
  meter.add(0, { doneBytes: 0, totalBytes });
  expect(meter.add(40_000, { doneBytes: 20_000, totalBytes })).toEqual({ bytesPerSecond: 500, msLeft: 160_000 });
});

test("what was counted twice after a break is measured anew", () => {
  const meter = new PaceMeter();
  meter.add(0, { doneBytes: 0, totalBytes });
  meter.add(1000, { doneBytes: 50_000, totalBytes });
  expect(meter.add(2000, { doneBytes: 10_000, totalBytes })).toEqual({ bytesPerSecond: null, msLeft: null });
  expect(meter.add(3000, { doneBytes: 11_000, totalBytes })).toEqual({ bytesPerSecond: 1000, msLeft: 89_000 });
});
