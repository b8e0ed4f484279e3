import "server-only";
import { estimateJob as estimate, expectedExecutions, type Range } from "#lib/domain/estimate/estimate-job.ts";
import { replicaCost, worstCost } from "#lib/domain/ledger/money.ts";
import { ASSURANCE_OFFERS } from "#lib/domain/trust/assurance.ts";
import { chooseDefaultClass } from "#lib/domain/trust/promise.ts";
import { resolveVerification } from "#lib/domain/trust/resolve-verification.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { estimateJob as estimateJobEndpoint } from "#lib/protocol/jobs/estimate.ts";
import type { Context } from "../../context.ts";
import { DEVICE_TOKEN_TTL_MS } from "../../devices/device-token.ts";
import { requireAccount } from "../../principal.ts";
import { getInstanceTrust } from "../../trust/get-instance-trust.ts";
import { readFleet } from "./fleet-store.ts";

type Endpoint = typeof estimateJobEndpoint;

const HOUR_MS = 3_600_000;
const THOUSAND = 1000;

/** What a job would take on the devices that are there now, for an account that has tried some of its shards. */
export async function estimateJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requireAccount(ctx.principal, "jobs:read");
  const { db, clock, config } = ctx;
  const now = clock.now();
  const { shardCount, trialMs, replicaMicro, ...wish } = input;
  const [instance, fleet] = await Promise.all([getInstanceTrust(ctx), readFleet(db, { now, seenSince: new Date(now.getTime() - DEVICE_TOKEN_TTL_MS) })]);
  const { assurance, quorum, replicasMax } = resolveVerification(wish, chooseDefaultClass(instance));
  const offer = ASSURANCE_OFFERS[assurance];
  // A quorum of one's own has no figure that was measured.
  const executionsPerShard = quorum === offer.quorum ? offer.executions : expectedExecutions(quorum, fleet.disagreedShare);
  const { coreMs, finishMs } = estimate({ shardCount, executionsPerShard, trialMs, fleet });
  const priceMicro = BigInt(replicaMicro);
  const replicas = BigInt(Math.round(shardCount * executionsPerShard * THOUSAND));
  return {
    assurance,
    shardCount,
    executionsPerShard,
    cpuHours: scale(coreMs, 1 / HOUR_MS),
    cost: {
      expectedMicro: String((replicas * replicaCost(priceMicro, config.feeBps)) / BigInt(THOUSAND)),
      worstMicro: String(worstCost({ shardCount, replicasMax, priceMicro, feeBps: config.feeBps })),
      feeBps: config.feeBps,
      asset: config.asset,
    },
    fleet: { devices: fleet.devices, cores: fleet.cores, otherJobs: fleet.otherJobs },
    finishSeconds: finishMs && scale(finishMs, 1 / THOUSAND),
  };
}

function scale({ low, median, high }: Range, by: number): Range {
  return { low: low * by, median: median * by, high: high * by };
}
