import type { Random } from "#bench/trust/random.ts";

/** Everything that is broken on purpose; `docs/operations/chaos.md` says what each one does. */
export const FAULT_KINDS = [
  "kill-app",
  "freeze-app",
  "roll-apps",
  "kill-background",
  "kill-database",
  "restart-database",
  "kill-device",
  "kill-crowd",
  "fill-disk",
  "lock-disk",
  "bad-network",
  "cut-network",
  "jump-device-clocks",
  "jump-server-clocks",
  "lose-chain",
  "hang-chain",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault: when it begins after the start of the run, how long it lasts, and a number in [0, 1) from which it draws what else it needs. */
export type PlannedFault = { kind: FaultKind; atMs: number; lastsMs: number; lot: number };

const LASTS_MS_MIN = 500;
const LASTS_MS_MAX = 3500;
const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 2500;

/**
 * The faults of a run of so many milliseconds. Kinds are dealt like cards: every kind comes once before one comes again. A fault begins up to 2.5 s after
 * the one before it, and so mostly while that one lasts. The same random source gives the same plan.
 */
export function planFaults(durationMs: number, random: Random): PlannedFault[] {
  const faults: PlannedFault[] = [];
  let cards: FaultKind[] = [];
  for (let atMs = PAUSE_MS_MIN; ; atMs += between(PAUSE_MS_MIN, PAUSE_MS_MAX, random)) {
    if (cards.length === 0) cards = shuffle(FAULT_KINDS, random);
    const lastsMs = between(LASTS_MS_MIN, LASTS_MS_MAX, random);
    const lot = random.next();
    if (atMs + lastsMs > durationMs) return faults;
    faults.push({ kind: cards.pop() as FaultKind, atMs, lastsMs, lot });
  }
}

function between(min: number, max: number, random: Random): number {
  return min + random.below(max - min);
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
