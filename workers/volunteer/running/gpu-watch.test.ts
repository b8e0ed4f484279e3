import { expect, test } from "vitest";
import { GpuWatch } from "./gpu-watch.ts";

const adapter = { vendor: "google", architecture: "swiftshader" };
const MINUTE = 60_000;

test("a GPU is on while an executor has one", async () => {
  const watch = new GpuWatch();
  expect(watch.isOn(0)).toBe(false);
  await watch.probe({ gpu: async () => adapter });
  expect(watch.isOn(0)).toBe(true);
  await watch.probe({ gpu: async () => null });
  expect(watch.isOn(0)).toBe(false);
});

test("after a loss it rests a moment, after two within ten minutes for ten, and then all is forgotten", async () => {
  const watch = new GpuWatch();
  await watch.probe({ gpu: async () => adapter });
  watch.noteLost(MINUTE);
  expect(watch.isOn(MINUTE + 14_999)).toBe(false);
  expect(watch.isOn(MINUTE + 15_000)).toBe(true);
  watch.noteLost(2 * MINUTE);
  expect(watch.isOn(12 * MINUTE - 1)).toBe(false);
  expect(watch.isOn(12 * MINUTE)).toBe(true);
  watch.noteLost(13 * MINUTE);
  expect(watch.isOn(13 * MINUTE + 15_000)).toBe(true);
  watch.noteLost(40 * MINUTE);
  expect(watch.isOn(40 * MINUTE + 15_000)).toBe(true);
});

test("while it rests it says since when and until when, and executors that lose it together lose it once", async () => {
  const watch = new GpuWatch();
  await watch.probe({ gpu: async () => adapter });
  for (const lostAt of [MINUTE, MINUTE + 10, MINUTE + 1500]) watch.noteLost(lostAt);
  expect(watch.rest(MINUTE + 2000)).toEqual({ lostAgoMs: 500, leftMs: 14_500 });
  expect(watch.rest(MINUTE + 16_500)).toBeNull();
  watch.noteLost(2 * MINUTE);
  expect(watch.rest(4 * MINUTE)).toEqual({ lostAgoMs: 2 * MINUTE, leftMs: 8 * MINUTE });
  expect(watch.rest(12 * MINUTE)).toBeNull();
});

test("a GPU that stays away is off soon, however quickly shards fail without it", async () => {
  const watch = new GpuWatch();
  await watch.probe({ gpu: async () => adapter });
  for (let lostAt = 0; lostAt <= 2500; lostAt += 100) watch.noteLost(MINUTE + lostAt);
  expect(watch.isOn(MINUTE + 2500)).toBe(false);
});

test("an executor that dies while it is asked says nothing, and nobody waits for it for long", async () => {
  const watch = new GpuWatch();
  await watch.probe({ gpu: () => Promise.reject(new Error("gone")) });
  expect(watch.isOn(0)).toBe(false);
  await watch.settled(AbortSignal.abort());
});
