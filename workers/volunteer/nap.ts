/** A wait that somebody may end early. One waits at a time. */
export class Nap {
  #end: (() => void) | null = null;

  /** Settles after `ms`, or when `end` is called, or when the signal says so. */
  async take(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const onAbort = () => resolve();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#end = resolve;
    await promise;
    this.#end = null;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }

  end(): void {
    this.#end?.();
  }
}
