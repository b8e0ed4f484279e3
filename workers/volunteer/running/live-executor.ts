import { type Remote, wrap } from "comlink";
import type { JobId } from "#lib/domain/ids.ts";
import { type Executor, PREPARED_FILE_BYTES_MAX, PREPARED_JOBS_MAX, type PrepareRequest } from "#workers/executor/executor-contract.ts";
import { startAwakeTimeout } from "../awake-timeout.ts";
import { PaceLine } from "./pace-line.ts";

/** Less rest than this within a deadline gives no further time. */
const REST_COUNTED_MS_MIN = 100;

/** An executor that the host has started, as the pool knows it. */
export type Live = {
  id: string;
  executor: Remote<Executor>;
  /** Settles when the other side is gone, where the platform tells. */
  gone: Promise<"gone">;
  sayGone: () => void;
  /** `dropped`: its shard is nobody's any more. `rebuilt`: it went with its sandbox. Either end is no death of its own. */
  mark: "dropped" | "rebuilt" | null;
  /** Jobs prepared there with the bytes of their files, in the order of use: a mirror of what the executor keeps. */
  prepared: Map<JobId, number>;
  /** Makes it rest inside shards, where it can. */
  pace: PaceLine;
  /** Of the prepared jobs, whether their shards rest. */
  pacedJobs: Map<JobId, boolean>;
  /** Jobs of which a whole shard has run there. */
  timedJobs: Set<JobId>;
};

export function connect({ id, port, lost, pace }: { id: string; port: MessagePort; lost?: MessagePort; pace?: MessagePort }): Live {
  const { promise: gone, resolve } = Promise.withResolvers<"gone">();
  port.addEventListener("close", () => resolve("gone"));
  if (lost) lost.onmessage = () => resolve("gone");
  const line = new PaceLine(pace ?? null);
  const executor = wrap<Executor>(port);
  const sayGone = () => {
    resolve("gone");
    port.close();
    line.close();
  };
  return { id, executor, gone, sayGone, mark: null, prepared: new Map(), pace: line, pacedJobs: new Map(), timedJobs: new Set() };
}

/** A call to a dead worker never settles, so each has a deadline. */
export async function within<T>(deadlineMs: number, live: Live, call: Promise<T>): Promise<T | "gone" | "late"> {
  const timeout = startAwakeTimeout(deadlineMs);
  try {
    return await Promise.race([call, live.gone, timeout.over]);
  } catch {
    // Executors do not throw: what arrives here is a message that could not be copied or read.
    return "gone";
  } finally {
    timeout.cancel();
  }
}

/** The same for a run of a shard: what it rests does not count. Of a program that overruns while it rests, the end is noticed a few hundred milliseconds later. */
export async function withinComputing<T>(deadlineMs: number, live: Live, call: Promise<T>): Promise<T | "gone" | "late"> {
  let leftMs = deadlineMs;
  for (let restedBeforeMs = live.pace.restedMs; ; ) {
    const answer = await within(leftMs, live, call);
    if (answer !== "late") return answer;
    leftMs = live.pace.restedMs - restedBeforeMs;
    restedBeforeMs = live.pace.restedMs;
    if (leftMs < REST_COUNTED_MS_MIN) return "late";
  }
}

/** Repeats the executor's own rule of what it keeps. */
export function rememberPrepared({ prepared }: Live, { jobId, files }: PrepareRequest): void {
  prepared.delete(jobId as JobId);
  prepared.set(
    jobId as JobId,
    files.reduce((sum, file) => sum + file.bytes.length, 0),
  );
  for (const oldest of prepared.keys()) {
    const fileBytes = [...prepared.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (oldest === jobId || (prepared.size <= PREPARED_JOBS_MAX && fileBytes <= PREPARED_FILE_BYTES_MAX)) break;
    prepared.delete(oldest);
  }
}

/** Whether the executor holds the job's program in the build that is not wanted now. Where there is no paced build, the one it has is all there is. */
export function hasOtherBuild({ pacedJobs }: Live, jobId: JobId, isPaced: boolean): boolean {
  const known = pacedJobs.get(jobId);
  return isPaced ? known === undefined : known === true;
}

/** Notes which build of a job's program the executor holds from now on; another build is another program to the compiler. */
export function rememberBuild({ pacedJobs, timedJobs }: Live, jobId: JobId, build: { wasAsked: boolean; isPaced: boolean }): void {
  timedJobs.delete(jobId);
  if (build.wasAsked) pacedJobs.set(jobId, build.isPaced);
  else pacedJobs.delete(jobId);
}
