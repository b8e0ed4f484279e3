import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getEpoch as getEpochEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { onChain } from "../chain/choose-chain.ts";
import type { Context } from "../context.ts";
import { findEpoch } from "./epoch-store.ts";
import { viewEpoch } from "./view-epoch.ts";

type Endpoint = typeof getEpochEndpoint;

/** One epoch of a chain, or `not_found`. */
export async function getEpoch(ctx: Context, { no, chainId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { db, config } = onChain(ctx, chainId);
  const epoch = await findEpoch(db, config.chain.id, no);
  if (!epoch) throw new ApiError("not_found", { what: "epoch" });
  return viewEpoch(epoch);
}
