const SLICE_MS = 1000;
/** What one slice may count at most: a timer that comes much later was asleep with its machine, not waiting. */
const SLICE_COUNTED_MAX = 1.5;

export type AwakeTimeout = { /** Settles when the time is over. */ over: Promise<"late">; cancel(): void };

/** A deadline in time that the machine was awake: a laptop that sleeps in the middle of a shard has not missed it. */
export function startAwakeTimeout(ms: number): AwakeTimeout {
  const { promise, resolve } = Promise.withResolvers<"late">();
  let leftMs = ms;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const step = () => {
    const sliceMs = Math.min(SLICE_MS, leftMs);
    const startedAt = performance.now();
    timer = setTimeout(() => {
      leftMs -= Math.max(sliceMs, Math.min(performance.now() - startedAt, sliceMs * SLICE_COUNTED_MAX));
      if (leftMs <= 0) resolve("late");
      else step();
    }, sliceMs);
  };
  step();
  return { over: promise, cancel: () => clearTimeout(timer) };
}
