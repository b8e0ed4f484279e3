import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listEpochs as listEpochsEndpoint } from "#lib/protocol/payouts/payouts.ts";
import type { Context } from "../context.ts";
import { listEpochsBefore } from "./epoch-store.ts";
import { viewEpoch } from "./view-epoch.ts";

type Endpoint = typeof listEpochsEndpoint;

/** A page of epochs, newest first; none where the instance has no chain. */
export async function listEpochs({ db, config }: Context, { before = 2_147_483_647, limit }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const epochs = await listEpochsBefore(db, config.chain.id, { before, limit });
  return { epochs: epochs.map(viewEpoch), next: epochs.length === limit ? (epochs.at(-1)?.no ?? null) : null };
}
