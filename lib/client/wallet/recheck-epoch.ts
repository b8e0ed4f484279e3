import { recomputeEpoch } from "#lib/domain/payouts/verify-epoch.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { getEpochFile } from "#lib/protocol/payouts/payouts.ts";
import { api } from "../queries/api.ts";
import { readRoot } from "./claim.ts";
import type { Pool } from "./pool.ts";

export type RecheckedEpoch = { epoch: number; leafCount: number; totalMicro: string; isOnChain: boolean };

/** Downloads an epoch's public file, rebuilds the tree over everybody's earnings here, and compares its root with the one that the contract holds now. Throws what is wrong with the file in words. */
export async function recheckEpoch(pool: Pool, no: number): Promise<RecheckedEpoch> {
  const [answer, onChain] = await Promise.all([api.open(getEpochFile, { no, chainId: pool.chainId }), readRoot(pool)]);
  const { root, leafCount, totalMicro } = recomputeEpoch(new Uint8Array(await answer.arrayBuffer()), keccakMerkleHasher);
  return { epoch: no, leafCount, totalMicro: String(totalMicro), isOnChain: root === onChain };
}
