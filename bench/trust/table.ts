import type { BenchRow } from "#bench/report.ts";
import { type Figures, spreadBound95, sumFigures, upperBound95, waitQuantile } from "./figures.ts";
import type { Row } from "./plan.ts";
import { GRID } from "./scenarios.ts";

/** A row with the figures of its runs. */
export type Measured = Row & { figures: Figures[] };

type Summary = { name: string; error: number; upper: number; overhead: number; trusted: number; pay: number; honestPaid: number; p50: number; p95: number };

/** What the papers ask for, by the name of a figure. */
const TARGETS: Readonly<Record<string, number>> = {
  "standard/peace/overhead": 1.1,
  "standard/peace/final-error-upper95": 3e-6,
  "standard/peace/trusted-share": 0.02,
  "standard/peace-faulty-1e-4/overhead": 1.06,
  "standard/peace-faulty-1e-4/final-error-upper95": 1e-6,
  "standard/worst-5pct/final-error-upper95": 1e-5,
  "standard/worst-5pct/overhead": 1.3,
  "standard/worst-5pct/attacker-pay-per-work": 1,
  "standard/flood-33pct/final-error-upper95": 1e-6,
  "standard/flood-33pct/overhead": 1.64,
  "standard/flood-33pct/trusted-share": 0.05,
};

/** All figures as rows of a report, the worst of the grid first. */
export function toRows(measured: readonly Measured[]): BenchRow[] {
  const summaries = measured.map(summarise);
  const names = new Set(GRID.map((scenario) => scenario.name));
  const policies = [...new Set(measured.map((row) => row.policy))];
  const worst = policies.flatMap((policy) =>
    worstOf(
      `${policy}/worst-5pct`,
      summaries.filter((_, i) => measured[i]?.policy === policy && (names.has(measured[i].scenario.name) || measured[i].scenario.name === "informed-sleepers")),
    ),
  );
  return [...worst, ...summaries].flatMap(figureRows);
}

function summarise(row: Measured): Summary {
  const sum = sumFigures(row.figures);
  const bound = Math.max(upperBound95(sum.wrong, sum.accepted), spreadBound95(row.figures.map((each) => each.wrong / each.accepted)));
  return {
    name: `${row.policy}/${row.scenario.name}`,
    error: sum.wrong / sum.accepted,
    upper: bound,
    overhead: sum.executions / sum.accepted,
    trusted: sum.trustedExecutions / sum.accepted,
    pay: sum.attackerEffort === 0 ? 0 : sum.attackerPay / sum.attackerEffort,
    honestPaid: sum.honestEarned === 0 ? 1 : sum.honestPaid / sum.honestEarned,
    p50: waitQuantile(sum, 0.5),
    p95: waitQuantile(sum, 0.95),
  };
}

function worstOf(name: string, all: readonly Summary[]): Summary[] {
  if (all.length === 0) return [];
  const most = (pick: (summary: Summary) => number): number => Math.max(...all.map(pick));
  return [
    {
      name,
      error: most((each) => each.error),
      upper: most((each) => each.upper),
      overhead: most((each) => each.overhead),
      trusted: most((each) => each.trusted),
      pay: most((each) => each.pay),
      honestPaid: Math.min(...all.map((each) => each.honestPaid)),
      p50: most((each) => each.p50),
      p95: most((each) => each.p95),
    },
  ];
}

function figureRows(summary: Summary): BenchRow[] {
  const row = (what: string, value: number, unit: string): BenchRow => {
    const name = `${summary.name}/${what}`;
    return { name, value, unit, peer: null, ratio: null, target: TARGETS[name] ?? null };
  };
  return [
    row("final-error", summary.error, "wrong/accepted"),
    row("final-error-upper95", summary.upper, "wrong/accepted"),
    row("overhead", summary.overhead, "executions/accepted"),
    row("trusted-share", summary.trusted, "executions/accepted"),
    row("attacker-pay-per-work", summary.pay, "honest = 1"),
    row("honest-paid-share", summary.honestPaid, "of earned"),
    row("accept-p50-s", summary.p50, "s"),
    row("accept-p95-s", summary.p95, "s"),
  ];
}
