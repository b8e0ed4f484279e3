/** Waits between attempts; each owner of a retry keeps its own. */
export interface BackOff {
  /** How long to wait before the next attempt, at least `atLeastMs` where the server asked for it. */
  nextMs(atLeastMs?: number): number;
  /** An attempt succeeded: begin small again. */
  reset(): void;
}

export type BackOffBounds = { baseMs: number; capMs: number /** Uniform in [0, 1). */; random: () => number };

/**
 * Decorrelated jitter: uniform between `baseMs` and three times the wait before, at most `capMs`, so that devices that failed together come back apart.
 * What the server asks for is stretched by up to a quarter for the same reason, and never shortened. Source: Marc Brooker, "Exponential Backoff And Jitter" (2015).
 */
export function createBackOff({ baseMs, capMs, random }: BackOffBounds): BackOff {
  let previousMs = baseMs;
  return {
    nextMs(atLeastMs = 0) {
      previousMs = Math.min(capMs, baseMs + random() * (previousMs * 3 - baseMs));
      return Math.max(previousMs, atLeastMs * (1 + random() / 4));
    },
    reset() {
      previousMs = baseMs;
    },
  };
}
