import "server-only";
import { estimateJob as estimate, expectedExecutions, type Range } from "#lib/domain/estimate/estimate-job.ts";
import { whyFinishUnknown } from "#lib/domain/estimate/finish-unknown.ts";
import { expectedCost, worstCost } from "#lib/domain/ledger/money.ts";
import { ASSURANCE_OFFERS } from "#lib/domain/trust/assurance.ts";
import { chooseDefaultClass } from "#lib/domain/trust/promise.ts";
import { resolveVerification } from "#lib/domain/trust/resolve-verification.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { estimateJob as estimateJobEndpoint } from "#lib/protocol/jobs/estimate.ts";
import type { Context } from "../../context.ts";
import { DEVICE_TOKEN_TTL_MS } from "../../devices/device-token.ts";
import { requireMember } from "../../pools/require-role.ts";
import { requireAccount } from "../../principal.ts";
import { getInstanceTrust } from "../../trust/get-instance-trust.ts";
import { readFleet } from "./fleet-store.ts";

type Endpoint = typeof estimateJobEndpoint;

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

/**
 * What a job would cost, and what it would take on the devices that may be given it now, for an account that has tried some of its shards. Throws `not_found` for a pool
 * that the account is not in.
 */
export async function estimateJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { db, clock, config } = ctx;
  const now = clock.now();
  const { shardCount, trialMs = [], replicaMicro, runtime = "wasi", pool = null, ...wish } = input;
  if (pool) await requireMember(db, pool, accountId);
  const seenSince = new Date(now.getTime() - DEVICE_TOKEN_TTL_MS);
  const [instance, fleet] = await Promise.all([getInstanceTrust(ctx), readFleet(db, { now, seenSince, pool })]);
  const { assurance, quorum, replicasMax } = resolveVerification(wish, chooseDefaultClass(instance));
  const offer = ASSURANCE_OFFERS[assurance];
  // A quorum of one's own has no figure that was measured.
  const executionsPerShard = quorum === offer.quorum ? offer.executions : expectedExecutions(quorum, fleet.disagreedShare);
  const finishUnknown = whyFinishUnknown({ runtime, isOfPool: pool !== null, quorum, fleet, trials: trialMs.length });
  const timed = runtime === "wasi" && trialMs.length > 0 ? estimate({ shardCount, executionsPerShard, trialMs, fleet }) : null;
  const price = { shardCount, priceMicro: BigInt(replicaMicro), feeBps: config.feeBps };
  return {
    assurance,
    shardCount,
    executionsPerShard,
    cpuHours: timed && scale(timed.coreMs, 1 / HOUR_MS),
    cost: {
      expectedMicro: String(expectedCost({ ...price, executions: executionsPerShard })),
      worstMicro: String(worstCost({ ...price, replicasMax })),
      feeBps: config.feeBps,
      asset: config.asset,
    },
    fleet: { devices: fleet.devices, cores: fleet.cores, otherJobs: fleet.otherJobs },
    finishSeconds: finishUnknown === null && timed?.finishMs ? scale(timed.finishMs, 1 / SECOND_MS) : null,
    finishUnknown,
  };
}

function scale({ low, median, high }: Range, by: number): Range {
  return { low: low * by, median: median * by, high: high * by };
}
