/** A number with the range in which it lies in 80 of 100 cases. */
export type Range = { low: number; median: number; high: number };

export type EstimateInput = {
  shardCount: number;
  /** Executions that a shard takes on average until it has its verdict. */
  executionsPerShard: number;
  /** How long shards took that were tried on one machine with nothing else to do, in milliseconds each. At least one. */
  trialMs: readonly number[];
  /** Devices that are there now with their cores, and running jobs that want them too. */
  fleet: { devices: number; cores: number; otherJobs: number };
};

/** `coreMs`: what all executions together take of one core. `finishMs`: from the first grant to the last verdict; null where no device is there. */
export type JobEstimate = { coreMs: Range; finishMs: Range | null };

/** The normal quantile of 90 %: a tenth of the cases lies above, a tenth below. */
const Z_80 = 1.2816;
/** Spread of ln(time) between the shards of a job before any was tried, and how many trials that is worth. */
const SHARD = { variance: 0.25, worth: 2 } as const;
/** Spread of ln(speed) between devices: the owner's machine is one of them. The same figure as in the simulation of dispatch. */
const SPEED_VARIANCE = 0.25;
/** What cores do for a job of the time they are there: the rest goes on lost shards and waiting. */
const USEFUL_SHARE = 0.9;
/** Executions that take several times as long as the others, as on a machine that does something else meanwhile; as in the simulation of dispatch. */
const SLOWED = { share: 0.03, from: 3, to: 15 } as const;
const SLOWED_MEAN = 1 + SLOWED.share * ((SLOWED.from + SLOWED.to) / 2 - 1);
const SLOWED_STEPS = 12;
/** Spread of ln(share of the fleet) that other jobs leave, once there are any: they end, and others come. */
const OTHERS_VARIANCE = 0.12;
/** How long a device stays: after so long the fleet is another one, of which only the size is expected. */
const VISIT_MS = 40 * 60_000;
/** Shorter than this a browser's clock does not tell. */
const CLOCK_MS = 0.1;
/** From the submission to the first shard that runs and from the last to its report: devices ask and report every few seconds. */
const ASKING_MS = 8000;
/** What nobody models. */
const UNKNOWN_VARIANCE = 0.02;

/**
 * What a job takes and when it is done. Work is shards × executions × the mean time of a shard; it is done at the speed of the fleet, and then comes the tail: the
 * last shards, each on one core. The uncertainties are independent factors, so that the result is log-normal: how well few trials know the mean shard, how
 * fast the machine of the trials is beside the fleet, how the fleet changes while the job runs, what other jobs take,
 * how slow the slowest of the last executions is.
 */
export function estimateJob({ shardCount, executionsPerShard, trialMs, fleet }: EstimateInput): JobEstimate {
  const { meanMs, meanVariance, shardVariance } = readTrials(trialMs);
  // The mean speed of many devices lies above that of the median one, on which the owner's machine is expected to be.
  const fleetGain = Math.exp(SPEED_VARIANCE / 2);
  const coreMs = (shardCount * executionsPerShard * meanMs) / fleetGain;
  const workVariance = meanVariance + SPEED_VARIANCE + UNKNOWN_VARIANCE;
  if (fleet.cores === 0) return { coreMs: rangeOf(coreMs, workVariance), finishMs: null };

  const replicas = shardCount * executionsPerShard;
  const bulkMs = ((coreMs * SLOWED_MEAN) / (Math.min(fleet.cores, replicas) * USEFUL_SHARE)) * (1 + fleet.otherJobs);
  const tail = tailOf(Math.min(fleet.cores, replicas), shardVariance + SPEED_VARIANCE);
  const tailMs = meanMs * tail.factor;
  const finishMs = ASKING_MS + bulkMs + tailMs;
  const churn = Math.min(1, bulkMs / VISIT_MS) / fleet.devices;
  const others = fleet.otherJobs > 0 ? OTHERS_VARIANCE : 0;
  const bulkVariance = SPEED_VARIANCE / fleet.devices + churn + others;
  const variance = workVariance + bulkVariance * (bulkMs / finishMs) ** 2 + tail.variance * (tailMs / finishMs) ** 2;
  return { coreMs: rangeOf(coreMs, workVariance), finishMs: rangeOf(finishMs, variance) };
}

/** The mean time of a shard, how uncertain it is, and how the shards spread, from few of them and what is usual. */
function readTrials(trialMs: readonly number[]): { meanMs: number; meanVariance: number; shardVariance: number } {
  const count = trialMs.length;
  const measuredMs = trialMs.map((ms) => Math.max(ms, CLOCK_MS));
  const meanMs = measuredMs.reduce((sum, ms) => sum + ms, 0) / count;
  const logs = measuredMs.map(Math.log);
  const meanLog = logs.reduce((sum, log) => sum + log, 0) / count;
  const squares = logs.reduce((sum, log) => sum + (log - meanLog) ** 2, 0);
  const shardVariance = (SHARD.worth * SHARD.variance + squares) / (SHARD.worth + count - 1);
  return { meanMs, meanVariance: shardVariance / count, shardVariance };
}

/**
 * How long the slowest of the executions that are under way at the end takes, in mean shards, as the median of the largest of so many draws, and the variance of its
 * logarithm from the deciles of that largest.
 */
function tailOf(executions: number, variance: number): { factor: number; variance: number } {
  const largest = (share: number) => slownessAbove(1 - share ** (1 / Math.max(executions, 1)), Math.sqrt(variance));
  const spread = Math.log(largest(0.9) / largest(0.1)) / (2 * Z_80);
  return { factor: largest(0.5), variance: spread ** 2 };
}

/** The factor on the median time that a share of all executions exceeds: log-normal, some of them slowed evenly between two bounds. */
function slownessAbove(share: number, deviation: number): number {
  const exceeding = (factor: number): number => {
    const above = (slowed: number) => normalTail(Math.log(factor / slowed) / deviation);
    const slowed = Array.from({ length: SLOWED_STEPS }, (_, i) => above(SLOWED.from + ((SLOWED.to - SLOWED.from) * (i + 0.5)) / SLOWED_STEPS));
    return (1 - SLOWED.share) * above(1) + (SLOWED.share * slowed.reduce((sum, each) => sum + each, 0)) / SLOWED_STEPS;
  };
  let [low, high] = [1e-3, 1e3];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (exceeding(middle) > share) low = middle;
    else high = middle;
  }
  return low;
}

/** The share of a normal distribution above z. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (error below 1.5e-7). */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = 0.5 * series * Math.exp(-x * x);
  return z >= 0 ? half : 1 - half;
}

function rangeOf(median: number, variance: number): Range {
  const factor = Math.exp(Z_80 * Math.sqrt(variance));
  return { low: median / factor, median, high: median * factor };
}

/** Executions of a shard on average: every disagreeing one is made up for by another. `disagreedShare`: of all judged replicas, 0 to below 1. */
export function expectedExecutions(quorum: number, disagreedShare: number): number {
  return quorum / (1 - Math.min(disagreedShare, 0.9));
}
