import type { AssuranceRules } from "#lib/domain/trust/assurance.ts";
import type { Measurement, Policy, Size } from "./measure.ts";
import { BEYOND, GRID, PEACE, PEER_SCENARIOS, type Scenario } from "./scenarios.ts";

/** What is measured at a length: `full` for figures, `short` to see that everything runs. */
export type Length = "full" | "short";

const SEEDS = { full: 10, short: 2 } as const;
const SIZES: Record<Length, Size> = {
  full: { windowResults: 1_000_000, warmWindows: 1, windows: 1 },
  short: { windowResults: 20_000, warmWindows: 1, windows: 1 },
};
/** Policies without windows settle sooner and err more often, so that fewer shards say as much. */
const VOTED_SIZE: Size = { windowResults: 200_000, warmWindows: 1, windows: 1 };
const OTHER_CLASSES = ["peace", "constant-errors", "sleeper-h30-k1", "sleeper-h1000-k3", "quiet-10", "quiet-20", "quiet-40", "quiet-again-120"];

/** One row: a policy under a scenario, over all its seeds. */
export type Row = { policy: Policy; scenario: Scenario; runs: Measurement[] };

/** What a run may do otherwise than its length says: the number of seeds, results in a window, and rules of the classes that have windows. */
export type Wish = { seeds?: number | undefined; windowResults?: number | undefined; rules?: Partial<AssuranceRules> | undefined };

/** All rows of a run. Seeds are the same for every policy. */
export function planRows(length: Length, wish: Wish = {}): Row[] {
  const seeds = wish.seeds ?? SEEDS[length];
  const held: Size = { ...SIZES[length], windowResults: wish.windowResults ?? SIZES[length].windowResults };
  const row = (policy: Policy, scenario: Scenario, size: Size): Row => ({
    policy,
    scenario,
    runs: Array.from({ length: seeds }, (_, i) => ({ policy, scenario, seed: 101 + i, size, rules: wish.rules })),
  });
  const others = [...PEACE, ...GRID, ...BEYOND].filter(({ name }) => OTHER_CLASSES.includes(name));
  const votedSize = length === "full" ? VOTED_SIZE : SIZES.short;
  const adaptiveSize = length === "full" ? { ...VOTED_SIZE, warmWindows: 4 } : SIZES.short;
  return [
    ...[...PEACE, ...GRID, ...BEYOND].map((scenario) => row("standard", scenario, held)),
    ...(["economy", "high"] as const).flatMap((policy) => others.map((scenario) => row(policy, scenario, held))),
    ...PEER_SCENARIOS.flatMap((scenario) => [
      row("instant", scenario, votedSize),
      row("quorum-2-of-2", scenario, votedSize),
      row("quorum-2-of-3", scenario, votedSize),
      row("boinc-adaptive", scenario, adaptiveSize),
    ]),
  ];
}
