import type { Random } from "./random.ts";

/**
 * How attackers behave. All attackers share everything, give identical wrong answers and know their own history; none knows a lot.
 * - `random`: wrong with a probability, for ever.
 * - `sleeper`: `honest` right results, then `cheats` wrong ones, then the identity is thrown away.
 * - `streak`: the same in turns, and the identity stays.
 * - `uniform`: one wrong result at a random place of a life of `life` results.
 * - `informed`: wrong whenever the policy counts the identity as trusted, which it knows.
 * - `again`: `honest` right results, a wrong one, and `stay` right ones before the identity is thrown away; where it notices that it was found out, it lies on, so that it looks like a
 *   broken device.
 * - `budget`: all attackers together give `perWindow` wrong results in a window, by identities with `honest` right results behind them, each thrown away
 *   `stay` right ones after its one; where it notices meanwhile that it was found out, it lies on.
 */
export type Strategy =
  | { kind: "none" }
  | { kind: "random"; share: number }
  | { kind: "sleeper"; honest: number; cheats: number }
  | { kind: "streak"; honest: number; cheats: number }
  | { kind: "uniform"; life: number }
  | { kind: "informed" }
  | { kind: "again"; honest: number; stay: number }
  | { kind: "budget"; perWindow: number; honest: number; stay: number };

/** An attacker's identity: how many results it gave since its strategy began, and where it cheats. */
export type Plan = { given: number; cheatAt: number };

export type Adversary = {
  begin(): Plan;
  /** Whether the next answer is wrong; counts it. `knows`: what the identity knows of how it stands. */
  cheats(plan: Plan, knows: { isTrusted: boolean; isFound: boolean }): boolean;
  /** Whether the identity is thrown away now. */
  leaves(plan: Plan): boolean;
};

/** The behaviour of all attackers of a run. `windowResults` is the size of a window: a budget's wrong results come evenly over it. */
export function createAdversary(strategy: Strategy, random: Random, windowResults: number, slotShare: number): Adversary {
  const begin = (): Plan => ({ given: 0, cheatAt: strategy.kind === "uniform" ? random.below(strategy.life) : -1 });
  return {
    begin,
    cheats: (plan, { isTrusted, isFound }) => {
      const at = plan.given++;
      switch (strategy.kind) {
        case "none":
          return false;
        case "random":
          return random.next() < strategy.share;
        case "sleeper":
          return at >= strategy.honest;
        case "streak":
          return at % (strategy.honest + strategy.cheats) >= strategy.honest;
        case "informed":
          return isTrusted;
        case "again":
          return isFound || at === strategy.honest;
        case "uniform":
          return at === plan.cheatAt;
        case "budget":
          if (plan.cheatAt >= 0) return isFound;
          if (at < strategy.honest || random.next() >= strategy.perWindow / (windowResults * slotShare)) return false;
          plan.cheatAt = at;
          return true;
      }
    },
    leaves: (plan) => {
      if (strategy.kind === "sleeper") return plan.given >= strategy.honest + strategy.cheats;
      if (strategy.kind === "again") return plan.given > strategy.honest + strategy.stay;
      if (strategy.kind === "budget") return plan.cheatAt >= 0 && plan.given > plan.cheatAt + strategy.stay;
      return strategy.kind === "uniform" && plan.given >= strategy.life;
    },
  };
}
