import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listEpochs as listEpochsEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { onChain } from "../chain/choose-chain.ts";
import type { Context } from "../context.ts";
import { listEpochsBefore } from "./epoch-store.ts";
import { viewEpoch } from "./view-epoch.ts";

type Endpoint = typeof listEpochsEndpoint;

/** A page of epochs of a chain, newest first; none where the instance has no chain. */
export async function listEpochs(ctx: Context, { before, limit, chainId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { db, config } = onChain(ctx, chainId);
  const epochs = await listEpochsBefore(db, config.chain.id, { before, limit });
  return { epochs: epochs.map(viewEpoch), next: epochs.length === limit ? (epochs.at(-1)?.no ?? null) : null };
}
