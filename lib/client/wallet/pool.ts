import type { getChain } from "#lib/protocol/chain/chain.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";

/** The contracts of the instance on one of its chains, and their terms. */
export type Pool = NonNullable<OutputOf<typeof getChain>["pool"]>;

/** The pools of the instance, that of its first chain first; none before it is known. */
export function poolsOf(chain: OutputOf<typeof getChain> | undefined): Pool[] {
  return chain?.pool ? [chain.pool, ...chain.furtherPools] : [];
}

/** The pool on a chain; null where the instance has none there. */
export function findPoolOn(chain: OutputOf<typeof getChain> | undefined, chainId: number | null): Pool | null {
  return poolsOf(chain).find((pool) => pool.chainId === chainId) ?? null;
}

/** A title of something that there is once on each chain: with the chain's name where there are several. */
export function titleOn(title: string, pool: Pool, pools: readonly Pool[]): string {
  return pools.length > 1 ? `${title}: ${pool.chainName}` : title;
}

/** Where a transaction can be looked at; null where the instance names no explorer. */
export function explorerLink({ explorerUrl }: Pool, txHash: string): string | null {
  return explorerUrl ? `${explorerUrl}/tx/${txHash}` : null;
}
