import { describe, expect, test } from "vitest";
import type { ShardState } from "#lib/domain/job/shard-map.ts";
import type { Mark } from "./marks.ts";
import { SWIM_MS, Swim } from "./swim.ts";

const school = (states: ShardState[]): Mark[] =>
  states.map((state, no) => ({ state, fromNo: no, toNo: no + 1, ...(state === "granted" ? { device: "dev_a" } : {}) }));

function swimOf(states: ShardState[]): Swim {
  const swim = new Swim();
  swim.resize(700, 176);
  swim.show(school(states), 0);
  return swim;
}

const bodies = (swim: Swim, nowMs: number) => swim.marks.map((_, at) => swim.bodyAt(at, nowMs));

describe("a school", () => {
  test("is there at once and still", () => {
    expect(swimOf(["waiting", "granted", "accepted"]).isMoving(0)).toBe(false);
  });

  test("stays still when the same states come again", () => {
    const swim = swimOf(["waiting", "granted"]);
    swim.show(school(["waiting", "granted"]), 10);
    expect(swim.isMoving(10)).toBe(false);
  });

  test("only marks that changed move, and they have arrived after the time of a swim", () => {
    const swim = swimOf(["waiting", "waiting", "accepted"]);
    const before = bodies(swim, 1000);
    swim.show(school(["waiting", "granted", "accepted"]), 1000);
    expect(swim.isMoving(1000)).toBe(true);
    for (const nowMs of [1000, 1200, 1400]) {
      const now = bodies(swim, nowMs);
      expect(now[0]).toEqual(before[0]);
      expect(now[2]).toEqual(before[2]);
    }
    expect(swim.bodyAt(1, 1000)).toMatchObject({ x: before[1]?.x, y: before[1]?.y, was: "waiting", blend: 0 });
    const half = swim.bodyAt(1, 1300);
    expect(half.blend).toBeGreaterThan(0);
    expect(half.blend).toBeLessThan(1);
    expect(swim.isMoving(1000 + SWIM_MS)).toBe(false);
    const there = swim.bodyAt(1, 1000 + SWIM_MS);
    expect(there).toMatchObject({ state: "granted", was: "granted", blend: 1 });
    expect(there.x).toBeGreaterThan(before[1]?.x ?? 0);
  });

  test("a mark goes home when its device is done with it", () => {
    const swim = swimOf(["waiting"]);
    const home = swim.bodyAt(0, 0);
    swim.show(school(["granted"]), 0);
    swim.show(school(["reported"]), 1000);
    expect(swim.bodyAt(0, 1000 + SWIM_MS)).toMatchObject({ x: home.x, y: home.y });
  });

  test("a change in the middle of a swim goes on from where the mark is", () => {
    const swim = swimOf(["waiting"]);
    swim.show(school(["granted"]), 0);
    const half = swim.bodyAt(0, 300);
    swim.show(school(["reported"]), 300);
    expect(swim.bodyAt(0, 300)).toMatchObject({ x: half.x, y: half.y });
  });

  test("without motion everything is where it belongs at once", () => {
    const swim = swimOf(["waiting", "waiting"]);
    swim.show(school(["granted", "waiting"]), 0);
    swim.show(school(["granted", "accepted"]), null);
    expect(swim.isMoving(0)).toBe(false);
    expect(swim.bodyAt(1, 0)).toMatchObject({ state: "accepted", blend: 1 });
  });

  test("finds the mark at a point, and none in open water", () => {
    const swim = swimOf(Array.from({ length: 51 }, () => "waiting" as const));
    for (const at of [0, 25, 50]) {
      const { x, y } = swim.bodyAt(at, 0);
      expect(swim.findMark(x, y)).toBe(at);
    }
    expect(swim.findMark(2, 2)).toBeNull();
  });
});
