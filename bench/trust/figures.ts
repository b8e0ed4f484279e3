/** What one run of a policy in a world came to, after its warm-up. Counts, so that runs add up. */
export type Figures = {
  accepted: number;
  wrong: number;
  /** Executions of volunteers and of trusted devices, lost parts included. */
  executions: number;
  trustedExecutions: number;
  attackerPay: number;
  attackerEffort: number;
  honestPaid: number;
  honestEarned: number;
  falseBurns: number;
  /** Seconds from the first grant of a shard to its acceptance, in counts by 1/16 octave. */
  waits: number[];
};

const STEPS = 16;

/** Figures of nothing. */
export function noFigures(): Figures {
  return {
    accepted: 0,
    wrong: 0,
    executions: 0,
    trustedExecutions: 0,
    attackerPay: 0,
    attackerEffort: 0,
    honestPaid: 0,
    honestEarned: 0,
    falseBurns: 0,
    waits: new Array<number>(16 * STEPS).fill(0),
  };
}

/** Adds one wait in seconds. */
export function addWait(figures: Figures, seconds: number): void {
  const at = Math.max(0, Math.min(figures.waits.length - 1, Math.floor(STEPS * Math.log2(Math.max(1, seconds)))));
  figures.waits[at] = (figures.waits[at] ?? 0) + 1;
}

/** The figures of all runs together. */
export function sumFigures(all: readonly Figures[]): Figures {
  const sum = noFigures();
  for (const each of all) {
    for (const key of [
      "accepted",
      "wrong",
      "executions",
      "trustedExecutions",
      "attackerPay",
      "attackerEffort",
      "honestPaid",
      "honestEarned",
      "falseBurns",
    ] as const)
      sum[key] += each[key];
    each.waits.forEach((count, i) => {
      sum.waits[i] = (sum.waits[i] ?? 0) + count;
    });
  }
  return sum;
}

/** The wait in seconds that a share of the shards does not exceed, to 1/16 octave. */
export function waitQuantile(figures: Figures, share: number): number {
  const total = figures.waits.reduce((a, b) => a + b, 0);
  let seen = 0;
  for (const [i, count] of figures.waits.entries()) {
    seen += count;
    if (seen >= share * total) return 2 ** ((i + 1) / STEPS);
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The 95 % upper bound of a rate from `events` in `trials`, exact for independent events: the mean at which
 * so few or fewer would be seen in one of twenty runs. 3.0 ÷ trials for none.
 */
export function upperBound95(events: number, trials: number): number {
  return trials === 0 ? 1 : poissonUpper(events) / trials;
}

function poissonUpper(events: number): number {
  let low = events;
  let high = events + 10 + 4 * Math.sqrt(events + 1);
  for (let i = 0; i < 60; i++) {
    const mean = (low + high) / 2;
    if (poissonAtMost(events, mean) > 0.05) low = mean;
    else high = mean;
  }
  return high;
}

/** P(X ≤ events) for a Poisson variable; by the normal approximation to its square root above 500. */
function poissonAtMost(events: number, mean: number): number {
  if (mean > 500) return normalBelow(2 * (Math.sqrt(events + 0.75) - Math.sqrt(mean)));
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= events; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

function normalBelow(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}

/**
 * The 95 % upper bound from runs that are not alike inside, by their spread: mean + t·s ÷ √n with Student's t for n − 1 degrees of freedom. Wrong finals come
 * in bunches (one window that passed), which the bound for independent events does not see; the larger of the two counts.
 */
export function spreadBound95(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const t = 1.645 + 1.524 / (n - 1) + 1.42 / (n - 1) ** 2 + 1.72 / (n - 1) ** 3;
  return mean + t * Math.sqrt(variance / n);
}
