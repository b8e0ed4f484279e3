import type { PauseRule } from "#lib/domain/governor/decide-activity.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { ErrorCode, ErrorParams } from "#lib/protocol/errors.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { ShareMeter } from "./governing/governor.ts";
import type { Counts } from "./meter.ts";
import type { GpuRest } from "./running/gpu-watch.ts";
import type { SlotTimes } from "./running/slot-clock.ts";

/** Makes and ends executors for the engine, which makes no workers itself: the page in browsers, the command line in Node. */
export interface ExecutorHost {
  /**
   * Starts an executor (`workers/executor`) and hands over the port on which it answers. `lost`, where there is one, brings a message when the executor went with
   * what held it: its own port does not tell of a process that died. `pace`, where there is one, takes orders to rest inside shards (`executor/pacing`).
   */
  spawn(): Promise<{ id: string; port: MessagePort; lost?: MessagePort; pace?: MessagePort }>;
  /** Ends an executor at once, whatever it is doing. */
  kill(id: string): Promise<void>;
  /** Throws away whatever holds the executors, with all of them, and builds it anew; asked for when executors keep dying. Left out where nothing holds them. */
  rebuild?(): Promise<void>;
}

/**
 * Life of an engine.
 *
 * | phase    | means                                          | leaves to                          |
 * |----------|------------------------------------------------|------------------------------------|
 * | idle     | never started                                  | starting                           |
 * | starting | registers the device, starts executors         | running, waiting, stopping, failed |
 * | running  | shards are being computed or fetched           | waiting, stopping, failed          |
 * | waiting  | nothing to compute, or nothing is allowed now; `reason` says why | running, stopping, failed |
 * | stopping | hands everything back                          | stopped                            |
 * | stopped  | holds nothing, computes nothing                | starting                           |
 * | failed   | cannot go on; `reason` says why                | starting                           |
 */
export type EnginePhase = "idle" | "starting" | "running" | "waiting" | "stopping" | "stopped" | "failed";

/** Reasons of the engine's own, beside why the server has nothing and the protocol's error codes. */
export const ENGINE_REASONS = ["unreachable", "executors_failed", "job_unusable", "gpu_lost"] as const;

/** Why the engine waits or failed: a code to render, its parameters, and an English sentence. */
export type EngineReason = { code: WaitReason | ErrorCode | PauseRule | (typeof ENGINE_REASONS)[number]; params: ErrorParams; message: string };

export type RunningShard = { jobId: JobId; shardNo: number; startedAtMs: number };

/** What people see; times are milliseconds since 1970. */
export type EngineSnapshot = {
  phase: EnginePhase;
  reason: EngineReason | null;
  /** Jobs this device holds shards of. */
  jobs: { jobId: JobId; name: string; description: string; topic: string }[];
  /** One entry per core: what it runs. */
  perExecutor: (RunningShard | null)[];
  counts: Counts;
  /** Finished results that the instance has not acknowledged; they are kept across restarts unless `isKeeping` is false. */
  keptResults: number;
  /** False when storage fails: what is finished then lives as long as this page or process. */
  isKeeping: boolean;
  /** The last result that the instance refused, and why. */
  lastRefusal: { jobName: string; shardNo: number; problem: string } | null;
  /** The rule that forbids computing now; null while it is allowed. */
  pausedBy: PauseRule | null;
  share: ShareMeter;
  /** The GPU was lost and is left alone for so long, in steps that people read; null while kernels may run. */
  gpuRest: GpuRest | null;
  /** What all cores together did with their time, in milliseconds. */
  times: SlotTimes;
  /** Sent and received since local midnight. */
  bytesToday: number;
  ratePerMinute: number;
  sinceMs: number | null;
  cores: number;
  deviceId: string | null;
  trusted: boolean;
};

/** A last request that hands everything back, kept ready for a page that is about to vanish and cannot wait for the engine. */
export type Farewell = { url: string; headers: Record<string, string>; body: string };

export type EngineEvents = {
  /** At most four times a second. */
  onSnapshot(snapshot: EngineSnapshot): void;
  /** Replaces the one before; null when nothing is held. Left out where the process can wait for the engine. */
  onFarewell?(farewell: Farewell | null): void;
};

export const IDLE_SNAPSHOT: EngineSnapshot = {
  phase: "idle",
  reason: null,
  jobs: [],
  perExecutor: [],
  counts: { finished: 0, taken: 0, late: 0, refused: 0, failed: 0 },
  keptResults: 0,
  isKeeping: true,
  lastRefusal: null,
  pausedBy: null,
  share: { requestedShare: 1, actualShare: null, isApproximate: false, heatFactor: 1 },
  gpuRest: null,
  times: { off: 0, idle: 0, resting: 0, loading: 0, computing: 0 },
  bytesToday: 0,
  ratePerMinute: 0,
  sinceMs: null,
  cores: 0,
  deviceId: null,
  trusted: false,
};
