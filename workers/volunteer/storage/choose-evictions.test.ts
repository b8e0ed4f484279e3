import { expect, test } from "vitest";
import { chooseEvictions } from "./choose-evictions.ts";

const stored = (sha256: string, bytes: number, usedAtMs: number) => ({ sha256, bytes, usedAtMs });

test("within the bounds nothing goes", () => {
  expect(chooseEvictions([stored("a", 50, 1), stored("b", 50, 2)], { countMax: 2, bytesMax: 100 })).toEqual([]);
});

test("what was used longest ago goes first, as much as it takes for both bounds", () => {
  const all = [stored("new", 60, 9), stored("old", 10, 1), stored("middle", 60, 5)];
  expect(chooseEvictions(all, { countMax: 9, bytesMax: 100 })).toEqual(["old", "middle"]);
  expect(chooseEvictions(all, { countMax: 2, bytesMax: 1000 })).toEqual(["old"]);
});
