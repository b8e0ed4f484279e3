import type { JobId } from "#lib/domain/ids.ts";
import type { ErrorCode, ErrorParams } from "#lib/protocol/errors.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { Counts } from "./meter.ts";

/** Makes and ends executors for the engine, which makes no workers itself: the page in browsers, the command line in Node. */
export interface ExecutorHost {
  /** Starts an executor (`workers/executor`) and hands over the port on which it answers. */
  spawn(): Promise<{ id: string; port: MessagePort }>;
  /** Ends an executor at once, whatever it is doing. */
  kill(id: string): Promise<void>;
}

/**
 * Life of an engine.
 *
 * | phase    | means                                          | leaves to                          |
 * |----------|------------------------------------------------|------------------------------------|
 * | idle     | never started                                  | starting                           |
 * | starting | registers the device, starts executors         | running, waiting, stopping, failed |
 * | running  | shards are being computed or fetched           | waiting, stopping, failed          |
 * | waiting  | nothing to compute; `reason` says why          | running, stopping, failed          |
 * | stopping | hands everything back                          | stopped                            |
 * | stopped  | holds nothing, computes nothing                | starting                           |
 * | failed   | cannot go on; `reason` says why                | starting                           |
 */
export type EnginePhase = "idle" | "starting" | "running" | "waiting" | "stopping" | "stopped" | "failed";

/** Reasons of the engine's own, beside why the server has nothing and the protocol's error codes. */
export const ENGINE_REASONS = ["unreachable", "executors_failed", "job_unusable"] as const;

/** Why the engine waits or failed: a code to render, its parameters, and an English sentence. */
export type EngineReason = { code: WaitReason | ErrorCode | (typeof ENGINE_REASONS)[number]; params: ErrorParams; message: string };

const WAIT_MESSAGES: Record<WaitReason, string> = {
  no_jobs: "There is no job to compute right now.",
  second_device: "What is left has to be checked by another device.",
  all_granted: "Everything left is being computed by others.",
  enough_held: "This device holds as much as it may; it goes on when that is done.",
  needs_webgpu: "Jobs are waiting that need WebGPU, which this device does not offer now.",
};

/** Why the instance has nothing, as a reason to show. */
export function waitReason(code: WaitReason, params: ErrorParams = {}): EngineReason {
  return { code, params, message: WAIT_MESSAGES[code] };
}

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
  counts: { finished: 0, taken: 0, late: 0, failed: 0 },
  ratePerMinute: 0,
  sinceMs: null,
  cores: 0,
  deviceId: null,
  trusted: false,
};
