/** How many results may wait for an earlier one, for each executor: a slow shard does not stop the others, and a fast machine does not fill its memory. */
const AHEAD_PER_EXECUTOR = 32;

type Running<E, R> = { executors: readonly E[]; run: (no: number, executor: E) => Promise<R>; signal: AbortSignal };

/** Runs numbers 0 … count − 1, one at a time on each executor, and gives the results in order. The first error ends it; so does an abort, with its reason. */
export async function* runInOrder<E, R>(count: number, { executors, run, signal }: Running<E, R>): AsyncGenerator<[no: number, result: R], void> {
  const ready = new Map<number, R>();
  let next = 0;
  let given = 0;
  let failure: { error: unknown } | null = null;
  let wake = Promise.withResolvers<void>();
  const changed = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  signal.addEventListener("abort", changed, { once: true });
  const serve = async (executor: E) => {
    while (next < count && !failure && !signal.aborted) {
      if (next - given >= AHEAD_PER_EXECUTOR * executors.length) {
        await wake.promise;
        continue;
      }
      const no = next++;
      ready.set(no, await run(no, executor));
      changed();
    }
  };
  const served = executors.map((executor) =>
    serve(executor).catch((error: unknown) => {
      failure ??= { error };
      changed();
    }),
  );
  try {
    while (given < count) {
      signal.throwIfAborted();
      if (failure) throw (failure as { error: unknown }).error;
      if (!ready.has(given)) {
        await wake.promise;
        continue;
      }
      const result = ready.get(given) as R;
      ready.delete(given);
      yield [given++, result];
      changed();
    }
  } finally {
    failure ??= { error: null };
    changed();
    if (!signal.aborted) await Promise.all(served);
  }
}
