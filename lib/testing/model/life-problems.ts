import { COST, finalOf, type Life, type LifeConfig } from "./life.ts";

/** What of the laws a state breaks, in words; null when it breaks none. */
export function problemOf(life: Life, config: LifeConfig, deposit: number): string | null {
  return moneyProblem(life, deposit) ?? verdictProblem(life, config) ?? stuckProblem(life, config, deposit);
}

function moneyProblem(life: Life, deposit: number): string | null {
  const paid = life.paid.reduce((sum, amount) => sum + amount, 0);
  const settled = life.results.filter((result) => result.settled === 1 && !result.isForfeited).length;
  if (life.results.some((result) => result.settled > 1)) return "a replica was paid twice";
  if (life.escrow < 0) return `the escrow is ${life.escrow}`;
  if (life.paid.some((amount) => amount < 0)) return "a device owes money";
  if (life.escrow + paid + life.forfeited + life.refunded !== deposit) return "money came from nowhere or went nowhere";
  if (life.committed < 0 || life.committed > deposit) return `${life.committed} of ${deposit} is committed`;
  return settled * COST === paid ? null : "what was paid is not what was settled";
}

function verdictProblem(life: Life, config: LifeConfig): string | null {
  const votes = life.results.map(({ by, no, round }) => `${by} ${no} ${round}`);
  if (new Set(votes).size < votes.length) return "a device has two votes about a shard";
  for (const shard of life.shards) {
    const fixed = life.finals[shard.no];
    if (fixed !== undefined && fixed !== finalOf(shard)) return `the final verdict about ${shard.no} changed from “${fixed}” to “${finalOf(shard)}”`;
    if (shard.verdict !== "accepted") continue;
    const agreeing = life.results.filter((result) => result.no === shard.no && result.round === shard.round && result.digest === shard.digest);
    if (agreeing.length < config.quorum) return `${shard.no} was accepted with ${agreeing.length} votes`;
  }
  return null;
}

/** A running job whose every replica came back must have something left to give, or every verdict. */
function stuckProblem(life: Life, config: LifeConfig, deposit: number): string | null {
  if (life.state !== "running" || life.reading.length > 0 || life.untallied.length > 0 || life.grants.some((grant) => grant.state === "open")) return null;
  for (let no = 0; no < config.shardCount; no++) {
    const shard = life.shards.find((s) => s.no === no);
    if (shard && shard.verdict !== "open") continue;
    const isInPasses = life.heads.some((head) => head <= no);
    const round = shard?.round ?? 0;
    const isWanted = life.wants.some((want) => want.no === no && want.round === round && !want.isTaken && !want.isCheck);
    if (!isInPasses && !isWanted) return `nothing will ever decide ${no}`;
    if (life.committed + COST > deposit) return `no money is left to decide ${no}`;
  }
  return null;
}
