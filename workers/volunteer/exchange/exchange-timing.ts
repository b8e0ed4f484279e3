/** What decides when the next exchange is due; all times on one clock, in milliseconds. */
export type ExchangeState = {
  nowMs: number;
  lastExchangeAtMs: number;
  /** Not before this does asking for more make sense: the server said so when it had nothing. */
  askAtMs: number;
  reportEveryMs: number;
  wantsMore: boolean;
  holdsGrants: boolean;
  hasHandBacks: boolean;
  /** Shards that wait for a core. */
  queued: number;
  oldestFinishedAtMs: number | null;
};

/**
 * Milliseconds until the next exchange is due; 0 is now. It is due at once to hand grants back, to ask for more, and to report when no shard waits for a
 * core; otherwise when the oldest result or the last heartbeat is `reportEveryMs` old.
 */
export function untilExchangeMs(state: ExchangeState): number {
  const { nowMs, oldestFinishedAtMs } = state;
  if (state.hasHandBacks) return 0;
  if (oldestFinishedAtMs !== null && state.queued === 0) return 0;
  const due: number[] = [];
  if (state.wantsMore) due.push(state.askAtMs);
  if (oldestFinishedAtMs !== null) due.push(oldestFinishedAtMs + state.reportEveryMs);
  if (state.holdsGrants) due.push(state.lastExchangeAtMs + state.reportEveryMs);
  return Math.max(0, Math.min(...due, nowMs + state.reportEveryMs) - nowMs);
}
