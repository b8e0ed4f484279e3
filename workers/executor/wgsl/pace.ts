import { KERNEL_LIMITS, type KernelPass } from "#lib/domain/kernel/kernel-manifest.ts";

/** What the dispatches between two looks at the clock shall take together; far enough below 100 ms for workgroups that are dearer than those before. */
const TARGET_MS = 40;
const TARGET_MS_MIN = 5;
const GROWTH_MAX = 4;
/** Frames that one batch can hold. */
export const BATCH_PARTS_MAX = 256;
/** WebGPU's default limit for one dimension. */
const DISPATCH_MAX = 65_535;

/** A part of a pass: `count` workgroups from `first` on. */
export type Part = { pass: number; first: number; count: number };
/** Where a shard stands: the next workgroup of a pass of a round. */
export type Position = { round: number; pass: number; first: number };
export type PassSizes = { passes: readonly Pick<KernelPass, "workgroups" | "in">[]; rounds: number };

/**
 * Learns how many workgroups of each pass fit into one dispatch: begins with one, grows at most fourfold from what was measured, and follows what it measures.
 * It belongs to a job on a device and outlives shards, so that later ones begin where earlier ones ended.
 */
export class Pace {
  readonly #perWorkgroupMs: (number | null)[];
  readonly #largest: number[];
  #targetMs = TARGET_MS;

  constructor(passes: number) {
    this.#perWorkgroupMs = Array.from({ length: passes }, () => null);
    this.#largest = Array.from({ length: passes }, () => 0);
  }

  /** The next dispatches from a position on, to be submitted together, and where they end. Empty at the end. */
  plan(sizes: PassSizes, from: Position): { parts: Part[]; to: Position } {
    const parts: Part[] = [];
    let at = from;
    let leftMs = this.#targetMs;
    while (at.round < sizes.rounds && parts.length < BATCH_PARTS_MAX) {
      const left = workgroupsOf(sizes, at) - at.first;
      if (left === 0) {
        at = advance(at, 0, sizes);
        continue;
      }
      const count = Math.min(left, this.#fitting(at.pass, parts.length === 0 ? null : leftMs));
      if (count === 0) break;
      parts.push({ pass: at.pass, first: at.first, count });
      leftMs -= count * (this.#perWorkgroupMs[at.pass] ?? leftMs);
      at = advance(at, count, sizes);
      if (at.first > 0) break;
    }
    return { parts, to: at };
  }

  /** What a batch took in milliseconds, from its submission to its end. */
  learn(parts: readonly Part[], tookMs: number): void {
    const predictedMs = parts.reduce((sum, { pass, count }) => sum + count * (this.#perWorkgroupMs[pass] ?? 0), 0);
    const counts = new Map<number, number>();
    for (const { pass, count } of parts) counts.set(pass, Math.max(count, counts.get(pass) ?? 0));
    for (const [pass, count] of counts) {
      const before = this.#perWorkgroupMs[pass] ?? null;
      const now = before === null ? tookMs / count : before * (tookMs / predictedMs);
      // Slower is believed at once, faster by halves: a batch that took too long is what hurts. Clocks may say 0.
      this.#perWorkgroupMs[pass] = Math.max(1e-6, before === null || now > before ? now : (before + now) / 2);
      this.#largest[pass] = Math.min(KERNEL_LIMITS.workgroupsMax, Math.max(this.#largest[pass] ?? 0, count));
    }
  }

  /** How many workgroups of a pass fit into `leftMs`; null is the whole of an empty batch, into which at least one goes. */
  #fitting(pass: number, leftMs: number | null): number {
    const perWorkgroupMs = this.#perWorkgroupMs[pass] ?? null;
    // What was never measured is measured alone.
    if (perWorkgroupMs === null) return leftMs === null ? 1 : 0;
    const largest = Math.max(1, this.#largest[pass] ?? 0) * GROWTH_MAX;
    const fitting = Math.min(Math.floor((leftMs ?? this.#targetMs) / perWorkgroupMs), largest, DISPATCH_MAX);
    return leftMs === null ? Math.max(1, fitting) : Math.max(0, fitting);
  }

  /** The GPU was lost: from now on half as much at once, beginning small again. */
  halve(): void {
    this.#targetMs = Math.max(TARGET_MS_MIN, this.#targetMs / 2);
    this.#largest.fill(1);
  }
}

/** Workgroups of a pass in a round: none where the pass does not run. */
function workgroupsOf({ passes, rounds }: PassSizes, { round, pass }: Position): number {
  const found = passes[pass];
  const runs = found?.in === "every" || (found?.in === "first" && round === 0) || (found?.in === "last" && round === rounds - 1);
  return found && runs ? found.workgroups : 0;
}

function advance(at: Position, count: number, sizes: PassSizes): Position {
  const { round, pass, first } = at;
  if (first + count < workgroupsOf(sizes, at)) return { round, pass, first: first + count };
  const isLast = pass === sizes.passes.length - 1;
  return { round: isLast ? round + 1 : round, pass: isLast ? 0 : pass + 1, first: 0 };
}
