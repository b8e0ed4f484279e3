const HOUR_MS = 3_600_000;

/**
 * What one busy core draws, in watts, as a range. It is the rated power of a processor divided by its cores: 28 W for 8 cores of a laptop (3.5) at the lower
 * end, 125 W for 8 cores of a desktop (15.6) at the upper, each rounded outwards. Memory, screen, fans and the power supply's losses are not in it.
 */
export const WATTS_PER_CORE = { from: 3, to: 16 } as const;

/** How many cores computed at a moment; null where that was not counted. */
export type CoreCount = { at: Date; cores: number | null };
export type Energy = { coreHours: number; wattHours: { from: number; to: number } };

/**
 * The energy that devices took between the first and the last count (oldest first), in watt-hours, and the core-hours that it was reckoned from; null if
 * nothing was counted twice. Every core that a computing device lends is taken as busy from the count before to its own, so a device that rests between two
 * shards is overrated. Time between two counts further apart than `spanMsMax`, or to one without cores, is left out.
 */
export function estimateEnergy(counts: readonly CoreCount[], spanMsMax: number): Energy | null {
  let coreMs = 0;
  let spans = 0;
  for (const [i, from] of counts.entries()) {
    const to = counts[i + 1];
    if (!to || to.cores === null) continue;
    const spanMs = to.at.getTime() - from.at.getTime();
    if (spanMs <= 0 || spanMs > spanMsMax) continue;
    coreMs += to.cores * spanMs;
    spans += 1;
  }
  if (spans === 0) return null;
  const coreHours = coreMs / HOUR_MS;
  return { coreHours, wattHours: { from: coreHours * WATTS_PER_CORE.from, to: coreHours * WATTS_PER_CORE.to } };
}
