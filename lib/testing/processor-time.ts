import { readdirSync, readFileSync } from "node:fs";

/** What the threads of processes used of the processor, and how long they were ready to run and did not get it, in milliseconds. */
export type ProcessorTime = { usedMs: number; waitedMs: number };

/**
 * Sums the kernel's accounts of every living thread of these processes (Linux, /proc/PID/task/TID/schedstat). What a share of the processor is held against: on a
 * machine that others load too, a process that was not given what it may use has waited for it.
 */
export function readProcessorTime(pids: readonly (number | "self")[]): ProcessorTime {
  const threads = pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`));
  return threads.reduce(
    (sum, path) => {
      const [used = 0, waited = 0] = readAccount(path);
      return { usedMs: sum.usedMs + used / 1e6, waitedMs: sum.waitedMs + waited / 1e6 };
    },
    { usedMs: 0, waitedMs: 0 },
  );
}

/** A thread that ended meanwhile has no account any more. */
function readAccount(path: string): number[] {
  try {
    return readFileSync(path, "utf8").trim().split(" ").map(Number);
  } catch {
    return [];
  }
}
