import "server-only";
import { getAddress } from "viem/utils";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getProof as getProofEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { requirePool } from "../chain/chain-client.ts";
import { onChain } from "../chain/choose-chain.ts";
import { findPool } from "../chain/pool-store.ts";
import type { Context } from "../context.ts";
import { findFinalizedEpoch, sumClaimedByAddress } from "./epoch-store.ts";
import { readProof } from "./read-proof.ts";

type Endpoint = typeof getProofEndpoint;

/** What an address can claim on a chain and the path that proves it, read from where the tree is stored. `claimed` is what the chain has confirmed. */
export async function getProof(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { db, config, blobs } = onChain(ctx, input.chainId);
  requirePool(config);
  const account = getAddress(input.address.toLowerCase());
  const [pool, epoch, claimed] = await Promise.all([
    findPool(db, config.chain.id),
    findFinalizedEpoch(db, config.chain.id),
    sumClaimedByAddress(db, config.chain.id, account),
  ]);
  if (!pool) throw new ApiError("unavailable", { problem: "the contracts have not been read yet" });
  const found =
    epoch?.leavesSha256 && epoch.nodesSha256 && epoch.leafCount
      ? await readProof(blobs, account, { leaves: epoch.leavesSha256, nodes: epoch.nodesSha256, leafCount: epoch.leafCount })
      : null;
  const cumulative = found?.cumulative ?? 0n;
  return {
    account,
    chainId: pool.chainId,
    distributor: getAddress(pool.distributor),
    epoch: epoch?.no ?? null,
    root: epoch?.root ?? null,
    cumulativeMicro: String(cumulative),
    claimedMicro: String(claimed),
    claimableMicro: String(cumulative > claimed ? cumulative - claimed : 0n),
    proof: found?.proof ?? [],
    isInTree: found !== null,
  };
}
