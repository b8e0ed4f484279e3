import { ASSURANCE, type AssuranceRules } from "#lib/domain/trust/assurance.ts";
import { simulateAssured } from "./assured.ts";
import type { Figures } from "./figures.ts";
import type { Scenario } from "./scenarios.ts";
import { simulateVoted } from "./voted.ts";

export const POLICIES = ["economy", "standard", "high", "instant", "quorum-2-of-2", "quorum-2-of-3", "boinc-adaptive"] as const;
export type Policy = (typeof POLICIES)[number];

/** How much is simulated: results in a window, windows before counting and counted; peers count as many shards. */
export type Size = { windowResults: number; warmWindows: number; windows: number };

/** One run: everything that its figures follow from. `rules` are tried instead of those that a class with checks has. */
export type Measurement = { policy: Policy; scenario: Scenario; seed: number; size: Size; rules?: Partial<AssuranceRules> | undefined };

const SLOTS = 300;

/** Runs one measurement; the same one gives the same figures. */
export function measure({ policy, scenario, seed, size, rules }: Measurement): Figures {
  const settings = { ...scenario, seed, slots: SLOTS, windowResults: size.windowResults };
  if (policy === "economy" || policy === "standard" || policy === "high") return simulateAssured({ ...ASSURANCE[policy], ...rules }, settings, size);
  const length = { warm: size.windowResults * size.warmWindows, shards: size.windowResults * size.windows };
  if (policy === "instant") return simulateVoted({ kind: "weighed", rules: ASSURANCE.instant }, settings, length);
  if (policy === "boinc-adaptive") return simulateVoted({ kind: "adaptive" }, settings, length);
  return simulateVoted({ kind: "quorum", agreeing: 2, eager: policy === "quorum-2-of-2" ? 2 : 3 }, settings, length);
}
