/** What an instance has done in all until `at`, counted once a minute. The totals never fall. */
export type NetworkCount = { at: Date; accepted: number; failed: number; replicas: number; wrong: number };
/** Verified shards per minute between two counts; null where nobody counted for too long to say when they came. */
export type Rate<C> = { from: C; to: C; shardsPerMinute: number | null };

export const COUNT_EVERY_MS = 60_000;
/** A count that is older than this, or a pause between two that is longer, says nothing about the minute asked for. */
export const COUNT_AGE_MS_MAX = 3 * COUNT_EVERY_MS;

/** The last of the counts (oldest first) if it is recent enough to speak for now, else null. */
export function latestCount<C extends Pick<NetworkCount, "at">>(counts: readonly C[], now: Date): C | null {
  const latest = counts.at(-1);
  return latest && now.getTime() - latest.at.getTime() <= COUNT_AGE_MS_MAX ? latest : null;
}

/**
 * How many shards were verified in the window that ends with the last count (oldest first), to the minute; null if it cannot be told. What came before
 * the first count is known only if that one was zero.
 */
export function acceptedWithin(counts: readonly Pick<NetworkCount, "at" | "accepted">[], windowMs: number): number | null {
  const [first, latest] = [counts[0], counts.at(-1)];
  if (!first || !latest) return null;
  const startMs = latest.at.getTime() - windowMs;
  const base = counts.findLast((count) => count.at.getTime() <= startMs);
  if (base && startMs - base.at.getTime() <= COUNT_AGE_MS_MAX) return latest.accepted - base.accepted;
  return first.accepted === 0 ? latest.accepted : null;
}

/** The rates between counts that follow one another (oldest first); unknown where two are further apart than `spanMsMax`. */
export function ratesBetween<C extends Pick<NetworkCount, "at" | "accepted">>(counts: readonly C[], spanMsMax: number): Rate<C>[] {
  return counts.slice(1).flatMap((to, i) => {
    const from = counts[i];
    if (!from) return [];
    const spanMs = to.at.getTime() - from.at.getTime();
    const isKnown = spanMs > 0 && spanMs <= spanMsMax;
    return [{ from, to, shardsPerMinute: isKnown ? ((to.accepted - from.accepted) * 60_000) / spanMs : null }];
  });
}
