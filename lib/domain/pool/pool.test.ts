import { describe, expect, test } from "vitest";
import type { PoolId } from "../ids.ts";
import { keepsAdmin, mayServe, poolOf } from "./pool.ts";

const LAB: PoolId = `pol_${"1".repeat(32)}`;
const CLASS: PoolId = `pol_${"2".repeat(32)}`;

describe("who may be given a job", () => {
  test.each([
    ["a public job, a device of no pool", undefined, [], true],
    ["a job that says that it is public", { kind: "public" } as const, [], true],
    ["a pool's job, a device of that pool", { kind: "pool", pool: LAB } as const, [CLASS, LAB], true],
    ["a pool's job, a device of another", { kind: "pool", pool: LAB } as const, [CLASS], false],
    ["a pool's job, a device of none", { kind: "pool", pool: LAB } as const, [], false],
  ])("%s", (_, visibility, pools, may) => {
    expect(mayServe(visibility, new Set(pools))).toBe(may);
  });

  test("the pool of a job", () => {
    expect([poolOf(undefined), poolOf({ kind: "public" }), poolOf({ kind: "pool", pool: LAB })]).toEqual([null, null, LAB]);
  });
});

test("a pool keeps an admin", () => {
  expect(keepsAdmin(1, { from: "admin", to: null })).toBe(false);
  expect(keepsAdmin(1, { from: "admin", to: "member" })).toBe(false);
  expect(keepsAdmin(2, { from: "admin", to: null })).toBe(true);
  expect(keepsAdmin(1, { from: "member", to: null })).toBe(true);
  expect(keepsAdmin(1, { from: "admin", to: "admin" })).toBe(true);
});
