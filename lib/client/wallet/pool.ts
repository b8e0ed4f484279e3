import type { getChain } from "#lib/protocol/chain/chain.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";

/** The contracts of the instance and their terms. */
export type Pool = NonNullable<OutputOf<typeof getChain>["pool"]>;

/** Where a transaction can be looked at; null where the instance names no explorer. */
export function explorerLink({ explorerUrl }: Pool, txHash: string): string | null {
  return explorerUrl ? `${explorerUrl}/tx/${txHash}` : null;
}
