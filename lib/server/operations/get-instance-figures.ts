import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstanceFigures as figuresEndpoint } from "#lib/protocol/instance/operations.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
import type { Context } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { DEVICE_TOKEN_TTL_MS } from "../devices/device-token.ts";
import { countDevices, listSamples } from "../network/network-store.ts";
import { listEpochsBefore } from "../payouts/epoch-store.ts";
import { viewEpoch } from "../payouts/view-epoch.ts";
import { requireOperator } from "../principal.ts";
import { listDuties } from "./duty-store.ts";
import { countSpecialDevices, countWanted, findChain, listDisagreements } from "./figure-store.ts";
import { getProcessRecord } from "./process-record.ts";

type Endpoint = typeof figuresEndpoint;
type Figures = OutputOf<Endpoint>;

const HOUR_MS = 3_600_000;
const LIST_MAX = 5;

/** How the instance does, in numbers; for operators. */
export async function getInstanceFigures(ctx: Context, _input: InputOf<Endpoint>): Promise<Figures> {
  requireOperator(ctx.principal, "instance:manage");
  const { db, clock } = ctx;
  const now = clock.now();
  const seenSince = new Date(now.getTime() - DEVICE_TOKEN_TTL_MS);
  const [devices, special, lastHour, disagreements, wanted, [first, ...furtherChains], duties] = await Promise.all([
    countDevices(db, { now, seenSince }),
    countSpecialDevices(db, seenSince),
    readLastHour(db, now),
    listDisagreements(db, LIST_MAX),
    countWanted(db, now),
    Promise.all(onEveryChain(ctx).map(readChain)),
    listDuties(db),
  ]);
  return {
    devices: { ...devices, ...special },
    lastHour,
    disagreements,
    wanted,
    chain: first?.chain ?? null,
    epochs: first?.epochs ?? [],
    furtherChains,
    duties: duties.map((duty) => ({ ...duty, endedAt: duty.endedAt.toISOString(), doneAt: duty.doneAt?.toISOString() ?? null })),
    process: ownRecord(),
  };
}

async function readLastHour(reader: Reader, now: Date): Promise<Figures["lastHour"]> {
  const counts = await listSamples(reader, new Date(now.getTime() - HOUR_MS));
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last || first === last) return null;
  const grown = (of: "accepted" | "failed" | "replicas" | "wrong") => Math.max(0, last[of] - first[of]);
  return { accepted: grown("accepted"), failed: grown("failed"), replicas: grown("replicas"), wrong: grown("wrong") };
}

/** How far the chain at hand was followed, and its newest epochs. */
async function readChain(ctx: Context): Promise<Figures["furtherChains"][number]> {
  const { db, config } = ctx;
  const [chain, epochs] = await Promise.all([config.pool ? findChain(db, config.chain.id) : null, listEpochsBefore(db, config.chain.id, { limit: LIST_MAX })]);
  return {
    name: config.pool?.chainName ?? "",
    chain: chain && { ...chain, followedAt: chain.followedAt?.toISOString() ?? null },
    epochs: epochs.map(viewEpoch),
  };
}

function ownRecord(): Figures["process"] {
  const { startedAt, refusals, faults } = getProcessRecord();
  return { startedAt: startedAt.toISOString(), refusals, faults: faults.map((fault) => ({ ...fault, at: fault.at.toISOString() })) };
}
