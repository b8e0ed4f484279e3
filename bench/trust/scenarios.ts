import type { Strategy } from "./adversary.ts";

/** One row of the tables: who attacks, with which share of the slots. */
export type Scenario = { name: string; attackerShare: number; strategy: Strategy; reenters: boolean; faultyShare: number; visitFactor: number };

const FAULTY = 1e-3;
const base = { attackerShare: 0, strategy: { kind: "none" }, reenters: true, faultyShare: FAULTY, visitFactor: 1 } as const;

function attack(name: string, strategy: Strategy, over: Partial<Scenario> = {}): Scenario {
  return { ...base, name, attackerShare: 0.05, strategy, ...over };
}

function sleeper(honest: number, cheats: number): Scenario {
  return attack(`sleeper-h${honest}-k${cheats}`, { kind: "sleeper", honest, cheats });
}

function quiet(perWindow: number): Scenario {
  return attack(`quiet-${perWindow}`, { kind: "budget", perWindow, honest: 300, stay: 0 });
}

/** Quiet attackers that lie on when they are found out. */
function quietAgain(perWindow: number): Scenario {
  return attack(`quiet-again-${perWindow}`, { kind: "budget", perWindow, honest: 300, stay: 100 });
}

const GREEDY = 1e9;

export const PEACE: readonly Scenario[] = [
  { ...base, name: "peace" },
  { ...base, name: "peace-faulty-1e-4", faultyShare: 1e-4 },
  { ...base, name: "churn", visitFactor: 0.25 },
];

/** The grid of attacks at 5 % of the slots, free re-entry, whose worst row is `worst-5pct`. */
export const GRID: readonly Scenario[] = [
  attack("constant-errors", { kind: "random", share: 1 }),
  attack("random-errors-10pct", { kind: "random", share: 0.1 }),
  attack("greedy-sleepers-h100", { kind: "sleeper", honest: 100, cheats: GREEDY }),
  attack("streak-h100-k1", { kind: "streak", honest: 100, cheats: 1 }),
  attack("streak-h30-k10", { kind: "streak", honest: 30, cheats: 10 }),
  sleeper(0, 1),
  sleeper(10, 1),
  sleeper(30, 1),
  sleeper(100, 1),
  sleeper(300, 1),
  sleeper(1000, 1),
  sleeper(30, 10),
  sleeper(300, 3),
  sleeper(1000, 3),
  quiet(3),
  quiet(10),
  quiet(20),
  quiet(40),
];

/** Attacks outside the grid: those that cannot come back, other shares, and the one that the lower bound speaks of. */
export const BEYOND: readonly Scenario[] = [
  attack("no-re-entry", { kind: "sleeper", honest: 100, cheats: GREEDY }, { reenters: false }),
  attack("colluders-1pct", { kind: "sleeper", honest: 300, cheats: 1 }, { attackerShare: 0.01 }),
  attack("colluders-10pct", { kind: "sleeper", honest: 300, cheats: 1 }, { attackerShare: 0.1 }),
  attack("colluders-33pct", { kind: "sleeper", honest: 300, cheats: 1 }, { attackerShare: 0.33 }),
  attack("flood-33pct", { kind: "random", share: 1 }, { attackerShare: 0.33 }),
  attack("again-when-found-h100", { kind: "again", honest: 100, stay: 100 }),
  quietAgain(40),
  quietAgain(120),
  attack("uniform-life-1000", { kind: "uniform", life: 1000 }),
];

/** What peers are measured under. */
export const PEER_SCENARIOS: readonly Scenario[] = [
  { ...base, name: "peace" },
  attack("constant-errors", { kind: "random", share: 1 }),
  attack("greedy-sleepers-h100", { kind: "sleeper", honest: 100, cheats: GREEDY }),
  attack("informed-sleepers", { kind: "informed" }),
  sleeper(0, 1),
  attack("flood-33pct", { kind: "random", share: 1 }, { attackerShare: 0.33 }),
];
