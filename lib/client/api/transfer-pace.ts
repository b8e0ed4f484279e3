const WINDOW_MS = 10_000;
/** Below this the rate says nothing yet. */
const MEASURED_MS_MIN = 500;

export type TransferPace = { bytesPerSecond: number | null; msLeft: number | null };

/** Measures how fast bytes move over the last ten seconds, and from it how long the rest takes; null while it is too early to say. */
export class PaceMeter {
  #samples: { atMs: number; bytes: number }[] = [];

  /** Notes that so many bytes of the whole were through at this moment. Fewer than before, as after a lost connection, begin the measure anew. */
  add(atMs: number, { doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): TransferPace {
    if (doneBytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = [];
    this.#samples.push({ atMs, bytes: doneBytes });
    // One that is older stays, so that a slow connection has something to be measured by.
    while ((this.#samples[1]?.atMs ?? atMs) < atMs - WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    if (!first || atMs - first.atMs < MEASURED_MS_MIN || doneBytes === first.bytes) return { bytesPerSecond: null, msLeft: null };
    const bytesPerMs = (doneBytes - first.bytes) / (atMs - first.atMs);
    return { bytesPerSecond: bytesPerMs * 1000, msLeft: (totalBytes - doneBytes) / bytesPerMs };
  }
}
