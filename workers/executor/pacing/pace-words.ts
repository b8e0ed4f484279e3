/** Words of the memory that an executor shares with whoever holds it. `restedMs` wraps around after 24 days. */
export const PACE_WORDS = { dutyPermille: 0, restedMs: 1 } as const;
/** Computes all the time. */
export const FULL_DUTY = 1000;

/** Shared memory for one executor, which may compute all the time; null where the platform has none to share. */
export function createPaceMemory(): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === "undefined") return null;
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Object.keys(PACE_WORDS).length);
  Atomics.store(new Int32Array(memory), PACE_WORDS.dutyPermille, FULL_DUTY);
  return memory;
}

/** From the engine to whoever holds the executor: what part of its time it may compute from now on, in thousandths. */
export type PaceOrder = { dutyPermille: number };
/** The answer to every order, and the first word of a holder that can carry orders out: how long the executor has rested inside shards so far. */
export type PaceNews = { restedMs: number };

type PacePort = { onmessage: ((event: MessageEvent<PaceOrder>) => void) | null; postMessage(news: PaceNews): void };

/** Carries out the engine's orders for one executor, from outside of it: an executor that runs a program hears nothing. */
export function servePace(memory: SharedArrayBuffer, port: PacePort): void {
  const words = new Int32Array(memory);
  const answer = () => port.postMessage({ restedMs: Atomics.load(words, PACE_WORDS.restedMs) });
  port.onmessage = ({ data }) => {
    const duty = Math.round(Number(data.dutyPermille));
    Atomics.store(words, PACE_WORDS.dutyPermille, duty >= 1 && duty <= FULL_DUTY ? duty : FULL_DUTY);
    // Who rests looks at the new duty at once.
    Atomics.notify(words, PACE_WORDS.dutyPermille);
    answer();
  };
  answer();
}
