import { type Remote, wrap } from "comlink";
import type { JobId } from "#lib/domain/ids.ts";
import { type Executor, PREPARED_FILE_BYTES_MAX, PREPARED_JOBS_MAX, type PrepareRequest } from "#workers/executor/executor-contract.ts";
import { startAwakeTimeout } from "../awake-timeout.ts";

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
  /** Jobs of which a whole shard has run there. */
  timedJobs: Set<JobId>;
};

export function connect({ id, port, lost }: { id: string; port: MessagePort; lost?: MessagePort }): Live {
  const { promise: gone, resolve } = Promise.withResolvers<"gone">();
  port.addEventListener("close", () => resolve("gone"));
  if (lost) lost.onmessage = () => resolve("gone");
  const executor = wrap<Executor>(port);
  const sayGone = () => {
    resolve("gone");
    port.close();
  };
  return { id, executor, gone, sayGone, mark: null, prepared: new Map(), timedJobs: new Set() };
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
