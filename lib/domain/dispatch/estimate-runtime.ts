/** What is known of how long a device takes for a program: mean and variance of ln(milliseconds ÷ weight), and how many timings made them. */
export type Runtime = { mean: number; variance: number; count: number };

const LEARN_RATE_MIN = 0.2;
/** Shards vary this much, as a variance of the logarithm, until timings say otherwise. */
const PRIOR_VARIANCE = 0.25;

/** A device's runtime before its first timing: what the program takes on a reference device, divided by the device's measured speed. */
export function priorRuntime(referenceMs: number, speed: number): Runtime {
  return { mean: Math.log(referenceMs / speed), variance: PRIOR_VARIANCE, count: 0 };
}

/** A timing counts as at most this many standard deviations off: a tab that was throttled once is not a slow device. */
const OUTLIER_DEVIATIONS = 2;

/** The estimate after one more timing: exponentially weighted, the n-th by max(1/n, 0.2). Constant time. */
export function foldTiming(runtime: Runtime, timing: { ms: number; weight: number }): Runtime {
  const count = runtime.count + 1;
  const rate = Math.max(1 / count, LEARN_RATE_MIN);
  const bound = OUTLIER_DEVIATIONS * Math.sqrt(runtime.variance);
  const off = count === 1 ? offBy(runtime, timing) : Math.max(-bound, Math.min(bound, offBy(runtime, timing)));
  const variance = count === 1 ? PRIOR_VARIANCE : runtime.variance + rate * (off * off - runtime.variance);
  return { mean: runtime.mean + rate * off, variance, count };
}

function offBy(runtime: Runtime, timing: { ms: number; weight: number }): number {
  return Math.log(timing.ms / timing.weight) - runtime.mean;
}

/** Milliseconds that a shard of this weight takes in at most the share of cases whose normal quantile is `z` (0: the median, 1.645: 95 %). */
export function runtimeMs(runtime: Runtime, weight: number, z: number): number {
  return weight * Math.exp(runtime.mean + z * Math.sqrt(runtime.variance));
}

const SESSION_COST_MS = 400;
const GRANT_MS_MIN = 5000;
const GRANT_MS_MAX = 60_000;

/**
 * How long a grant should last for a session of this age: 2·√(o·a) within 5 to 60 s. A grant of T wastes o ÷ T on the exchange and h·T ÷ 2 on leaving; the
 * hazard of leaving a page falls as h = 0.5 ÷ a.
 */
export function grantMsFor(sessionMs: number): number {
  return Math.min(GRANT_MS_MAX, Math.max(GRANT_MS_MIN, 2 * Math.sqrt(SESSION_COST_MS * sessionMs)));
}
