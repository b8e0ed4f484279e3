/** Money is a bigint in micro-units (millionths) of one asset; on the wire a decimal string. */
export type Micro = bigint;

/** The fee on a payment, rounded down so that the platform never takes more than its rate. */
export function feeOn(amountMicro: Micro, feeBps: number): Micro {
  return (amountMicro * BigInt(feeBps)) / 10_000n;
}

/** What an owner pays for one agreeing replica: its price and the fee on it. */
export function replicaCost(priceMicro: Micro, feeBps: number): Micro {
  return priceMicro + feeOn(priceMicro, feeBps);
}

/** The escrow that covers the worst case of a job: every shard needs all of its replicas. What is not spent returns to the owner. */
export function worstCost(job: { shardCount: number; replicasMax: number; priceMicro: Micro; feeBps: number }): Micro {
  return BigInt(job.shardCount) * BigInt(job.replicasMax) * replicaCost(job.priceMicro, job.feeBps);
}

const THOUSAND = 1000;

/** What a job is expected to cost with the fee, `executions` to the thousandth: how many a shard takes on average until it has its verdict. */
export function expectedCost(job: { shardCount: number; executions: number; priceMicro: Micro; feeBps: number }): Micro {
  const thousandths = BigInt(Math.round(job.shardCount * job.executions * THOUSAND));
  return (thousandths * replicaCost(job.priceMicro, job.feeBps)) / BigInt(THOUSAND);
}

/** The smaller of two amounts. */
export function least(a: Micro, b: Micro): Micro {
  if (a < b) return a;
  return b;
}
