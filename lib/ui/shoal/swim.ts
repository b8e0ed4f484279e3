import type { ShardState } from "#lib/domain/job/shard-map.ts";
import { driftOf, layoutMarks, noise, type School } from "./layout-marks.ts";
import type { Mark } from "./marks.ts";

/** A mark that changed is still again after this long: it waits its turn, so that a school turns and not a block, and then swims. */
export const SWIM_MS = 600;
const TURN_MS = 180;

/** One mark as it is to be drawn: `blend` is how much of `state` has taken the place of `was`. */
export type Body = { x: number; y: number; state: ShardState; was: ShardState; blend: number };
type Move = { startAt: number; x: number; y: number; was: ShardState };

/** Where marks are and how those get there whose state changed; it knows no canvas and no clock. */
export class Swim {
  #marks: readonly Mark[] = [];
  #school: School = layoutMarks({ count: 0, width: 1, height: 1 });
  #box = { width: 0, height: 0 };
  readonly #moves = new Map<number, Move>();

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get school(): School {
    return this.#school;
  }

  /** Lays the school out in a box of CSS pixels; nothing moves over to it, it is there. */
  resize(width: number, height: number): void {
    if (width === this.#box.width && height === this.#box.height) return;
    this.#box = { width, height };
    this.#layOut();
  }

  /** Takes over new states. At `nowMs` the marks whose state or device changed begin to swim; with null they are where they belong at once. */
  show(marks: readonly Mark[], nowMs: number | null): void {
    const before = this.#marks;
    if (before.length !== marks.length) {
      this.#marks = marks;
      this.#layOut();
      return;
    }
    const moves: [number, Move][] = [];
    for (const [at, mark] of marks.entries()) {
      const old = before[at];
      if (nowMs === null || !old || (old.state === mark.state && old.device === mark.device)) continue;
      const { x, y } = this.bodyAt(at, nowMs);
      moves.push([at, { startAt: nowMs + (TURN_MS * (1 + noise(at, 5))) / 2, x, y, was: old.state }]);
    }
    this.#marks = marks;
    if (nowMs === null) this.#moves.clear();
    for (const [at, move] of moves) this.#moves.set(at, move);
  }

  /** Puts every mark where it belongs. */
  settle(): void {
    this.#moves.clear();
  }

  /** Whether any mark still swims; forgets those that have arrived. */
  isMoving(nowMs: number): boolean {
    for (const [at, move] of this.#moves) if (nowMs >= move.startAt + SWIM_MS - TURN_MS) this.#moves.delete(at);
    return this.#moves.size > 0;
  }

  /** Mark number `at` at this moment. */
  bodyAt(at: number, nowMs: number): Body {
    const mark = this.#marks[at];
    const { x: homeX, y: homeY, cellWidth, cellHeight } = this.#school;
    const state = mark?.state ?? "waiting";
    const drift = state === "granted" && mark?.device ? driftOf(mark.device) : { x: 0, y: 0 };
    const x = (homeX[at] ?? 0) + drift.x * cellWidth;
    const y = (homeY[at] ?? 0) + drift.y * cellHeight;
    const move = this.#moves.get(at);
    if (!move) return { x, y, state, was: state, blend: 1 };
    const part = Math.min(1, Math.max(0, (nowMs - move.startAt) / (SWIM_MS - TURN_MS)));
    const eased = part * part * (3 - 2 * part);
    return { x: move.x + (x - move.x) * eased, y: move.y + (y - move.y) * eased, state, was: move.was, blend: eased };
  }

  /** The mark nearest to a point, or null where none is within a cell of it. */
  findMark(x: number, y: number): number | null {
    const { x: homeX, y: homeY, cellWidth, cellHeight } = this.#school;
    let nearest: number | null = null;
    let best = 1;
    for (let at = 0; at < this.#marks.length; at++) {
      const distance = Math.hypot(((homeX[at] ?? 0) - x) / cellWidth, ((homeY[at] ?? 0) - y) / cellHeight);
      if (distance >= best) continue;
      best = distance;
      nearest = at;
    }
    return nearest;
  }

  #layOut(): void {
    this.#moves.clear();
    const { width, height } = this.#box;
    if (width > 0 && height > 0) this.#school = layoutMarks({ count: this.#marks.length, width, height });
  }
}
