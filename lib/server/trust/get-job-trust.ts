import "server-only";
import { ASSURANCE_OFFERS } from "#lib/domain/trust/assurance.ts";
import { errorBound } from "#lib/domain/trust/promise.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { getJobTrust as getJobTrustEndpoint, JobTrust } from "#lib/protocol/jobs/trust.ts";
import type { Context } from "../context.ts";
import { countVerifications } from "../errands/errand-store.ts";
import { countOwnChecks } from "../errands/own-check-store.ts";
import { getOwnJob } from "../jobs/get-job.ts";
import { requireAccount } from "../principal.ts";
import { getCounters } from "../shards/shard-store.ts";
import { getInstanceTrust } from "./get-instance-trust.ts";
import { type ChangedShard, countHolds, findDownload, listChanged, readJobWindows } from "./job-trust-store.ts";

const CHANGED_MAX = 200;

/** How far the results of the account's job can be trusted, and what changed. */
export async function getJobTrust(ctx: Context, input: InputOf<typeof getJobTrustEndpoint>): Promise<JobTrust> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { id, spec } = await getOwnJob(ctx, accountId, input.jobId);
  const { db, config } = ctx;
  const { assurance, verifier } = spec.verification;
  const [counters, holds, windows, changed, downloadedAt, instance, verified, ownChecks] = await Promise.all([
    getCounters(db, id),
    countHolds(db, id),
    readJobWindows(db, id),
    listChanged(db, id, CHANGED_MAX),
    findDownload(db, id),
    getInstanceTrust(ctx),
    verifier ? countVerifications(db, id) : null,
    countOwnChecks(db, id),
  ]);
  const decided = counters.accepted + counters.failed;
  return {
    assurance,
    shards: { final: counters.final, provisional: decided - counters.final, revoked: changed.filter((shard) => shard.is === null).length },
    executions: { expected: verifier ? 1 : ASSURANCE_OFFERS[assurance].executions, actual: decided === 0 ? null : counters.replicas / decided },
    checks: { drawn: holds.drawn, done: holds.done, confirmedByTrusted: holds.confirmed },
    verifier: verified,
    ownChecks,
    disagreements: counters.wrong,
    refuted: counters.revoked,
    bound: {
      promised: errorBound(assurance, instance.resultsPerWindow),
      reached: windows.resultsMin === null ? null : errorBound(assurance, windows.resultsMin),
    },
    finalBy: windows.openedLastAt ? new Date(windows.openedLastAt.getTime() + 2 * config.hold.windowMsMax).toISOString() : null,
    downloadedAt: downloadedAt?.toISOString() ?? null,
    changed: changed.map((shard) => toChangedView(shard, downloadedAt)),
  };
}

function toChangedView({ decidedAt, revokedAt, ...shard }: ChangedShard, downloadedAt: Date | null): JobTrust["changed"][number] {
  return { ...shard, revokedAt: revokedAt.toISOString(), wasDownloaded: downloadedAt !== null && downloadedAt >= decidedAt && downloadedAt < revokedAt };
}
