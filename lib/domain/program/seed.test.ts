import { expect, test } from "vitest";
import { shardSeed, splitmix64 } from "./seed.ts";

test("agrees with the published outputs of splitmix64 for the seed 1234567", () => {
  const outputs = [0n, 1n, 2n, 3n, 4n].map((position) => splitmix64(1234567n, position));
  expect(outputs).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n, 16408922859458223821n]);
});

test("shards of a job have different seeds, and the same ones every time", () => {
  const seeds = Array.from({ length: 10_000 }, (_, shardNo) => shardSeed(0n, shardNo));
  expect(new Set(seeds).size).toBe(10_000);
  expect(seeds[9_999]).toBe(shardSeed(0n, 9_999));
  expect(seeds.every((seed) => seed >= 0n && seed < 2n ** 64n)).toBe(true);
});

test("the largest job seed and shard number stay inside 64 bits", () => {
  const seed = shardSeed(2n ** 64n - 1n, 9_999_999);
  expect(seed >= 0n && seed < 2n ** 64n).toBe(true);
});
