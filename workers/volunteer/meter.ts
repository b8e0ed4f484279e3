import { foldTiming, type Runtime } from "#lib/domain/dispatch/estimate-runtime.ts";
import { type Pace, SPREAD_MAX, TIMINGS_TRUSTED_MIN } from "#lib/domain/dispatch/size-grant.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { ExchangeInput } from "#lib/protocol/exchange/exchange.ts";

/** Weight of the newest timing; old ones fade within some twenty shards, so that heat and other load show. */
const NEWEST_WEIGHT = 0.15;
const RATE_WINDOW_MS = 60_000;
const PACES_MAX = 64;
/** Bound of the protocol on how many paces one exchange carries. */
const MEASURED_MAX = 16;
const DURATION_MS_MAX = 86_400_000;
/** Clocks of browsers step; a shard that took no step of them has a logarithm all the same. */
const DURATION_MS_MIN = 0.1;
const NO_RUNTIME: Runtime = { mean: 0, variance: 0, count: 0 };

export type Counts = {
  /** Shards run here, however they ended. */ finished: number /** Results the instance took. */;
  taken: number /** Results that came too late or that nobody asked for. */;
  late: number /** Results the instance refused. */;
  refused: number /** Shards that did not end with an output. */;
  failed: number;
};

/** What this device measures of its own work. The caller leaves out the first run of a program on an executor: it compiles. */
export class Meter {
  readonly counts: Counts = { finished: 0, taken: 0, late: 0, refused: 0, failed: 0 };
  /** In the order of use, the latest last. */
  #paces = new Map<JobId, { msPerShard: number; count: number; runtime: Runtime }>();
  #finishedAtMs: number[] = [];

  /** Adds the time one shard took on one core. */
  addTiming(jobId: JobId, durationMs: number): void {
    const known = this.#paces.get(jobId);
    // A plain mean at first, then a fading one.
    const weight = Math.max(NEWEST_WEIGHT, 1 / ((known?.count ?? 0) + 1));
    const msPerShard = known ? known.msPerShard + weight * (durationMs - known.msPerShard) : durationMs;
    const runtime = foldTiming(known?.runtime ?? NO_RUNTIME, { ms: Math.max(DURATION_MS_MIN, durationMs), weight: 1 });
    this.#paces.delete(jobId);
    this.#paces.set(jobId, { msPerShard: Math.min(DURATION_MS_MAX, msPerShard), count: (known?.count ?? 0) + 1, runtime });
    for (const oldest of this.#paces.keys()) {
      if (this.#paces.size <= PACES_MAX) break;
      this.#paces.delete(oldest);
    }
  }

  addFinished(atMs: number): void {
    this.counts.finished++;
    this.#finishedAtMs.push(atMs);
  }

  paceOf(jobId: JobId): Pace {
    const pace = this.#paces.get(jobId);
    return pace ? { msPerShard: pace.msPerShard, count: pace.count, ...spreadOf(pace.runtime) } : null;
  }

  /** The paces of the jobs that were used last, as an exchange carries them. */
  measured(): ExchangeInput["measured"] {
    const latest = [...this.#paces].slice(-MEASURED_MAX);
    return latest.map(([jobId, pace]) => ({ jobId, msPerShard: pace.msPerShard, count: pace.count, ...spreadOf(pace.runtime) }));
  }

  /** Shards finished per minute over the last minute, or over the time since the start where that is shorter but at least 5 s. */
  ratePerMinute(nowMs: number, sinceMs: number): number {
    const windowMs = Math.min(RATE_WINDOW_MS, Math.max(5000, nowMs - sinceMs));
    while (this.#finishedAtMs[0] !== undefined && this.#finishedAtMs[0] < nowMs - RATE_WINDOW_MS) this.#finishedAtMs.shift();
    return (this.#finishedAtMs.length * 60_000) / windowMs;
  }
}

/** How much timings vary, once there are enough of them to say. */
function spreadOf({ variance, count }: Runtime): { spread?: number } {
  return count < TIMINGS_TRUSTED_MIN ? {} : { spread: Math.min(SPREAD_MAX, Math.sqrt(variance)) };
}
