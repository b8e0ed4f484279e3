/** A step in which a job's money becomes spendable: once so much of its shards is final, so much of it in all. Both in per cent. */
export type Milestone = { finalPercent: number; releasePercent: number };

export const MILESTONES_MAX = 20;
const WHOLE = 100;

/**
 * Why these milestones could leave a job standing still, or null: the first begins the job, both numbers rise, the last releases everything, and none waits for more than the ones before
 * have released, because what is not released is not computed.
 */
export function findMilestoneProblem(milestones: readonly Milestone[]): string | null {
  if (milestones[0]?.finalPercent !== 0) return "the first milestone must have finalPercent 0: it begins the job";
  if (milestones.at(-1)?.releasePercent !== WHOLE) return "the last milestone must release 100";
  for (const [i, { finalPercent, releasePercent }] of milestones.entries()) {
    const before = milestones[i - 1];
    if (!before) continue;
    if (finalPercent <= before.finalPercent || releasePercent <= before.releasePercent)
      return "finalPercent and releasePercent must rise from one milestone to the next";
    if (finalPercent > before.releasePercent) return `${finalPercent} per cent cannot become final while ${before.releasePercent} are released`;
  }
  return null;
}

/** How many of a job's shards may be computed, and so paid, while so many of its shards are final. All of them without milestones. */
export function releasedShards(milestones: readonly Milestone[] | undefined, { shardCount, finalCount }: { shardCount: number; finalCount: number }): number {
  if (!milestones) return shardCount;
  const passed = milestones.filter(({ finalPercent }) => finalCount >= shardsOf(finalPercent, shardCount));
  return shardsOf(passed.at(-1)?.releasePercent ?? WHOLE, shardCount);
}

/** The milestone that comes next where so many shards are released; null after the last. */
export function nextMilestone(milestones: readonly Milestone[], { shardCount, released }: { shardCount: number; released: number }): Milestone | null {
  return milestones.find(({ releasePercent }) => shardsOf(releasePercent, shardCount) > released) ?? null;
}

/** A part of a job's shards, at least one where the part is not nothing. */
function shardsOf(percent: number, shardCount: number): number {
  return Math.ceil((percent * shardCount) / WHOLE);
}
