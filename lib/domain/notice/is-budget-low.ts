/** What is left of a budget is low below this share of it. */
const LOW_DIVISOR = 10n;

/**
 * Whether a running job may soon stand still for want of funds: less than a tenth of its budget is free, and less than what is still to be granted costs, if
 * every shard takes as many replicas as its quorum. `heads` are the next numbers of its passes; amounts are in micro-units.
 */
export function isBudgetLow(job: { budgetMicro: bigint; committedMicro: bigint; costMicro: bigint; shardCount: number; heads: readonly number[] }): boolean {
  const freeMicro = job.budgetMicro - job.committedMicro;
  const ungranted = job.heads.reduce((sum, head) => sum + Math.max(0, job.shardCount - head), 0);
  return freeMicro * LOW_DIVISOR < job.budgetMicro && freeMicro < BigInt(ungranted) * job.costMicro;
}
