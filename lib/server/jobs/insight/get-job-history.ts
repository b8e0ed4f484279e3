import "server-only";
import { buildHistory, sampleShards } from "#lib/domain/job/history.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { getJobHistory as getJobHistoryEndpoint, JobHistory } from "#lib/protocol/jobs/insight.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";
import { listVerdicts } from "./insight-store.ts";

/** How fast the account's job got its verdicts, from at most 5,000 of its shards. */
export async function getJobHistory(ctx: Context, input: InputOf<typeof getJobHistoryEndpoint>): Promise<JobHistory> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const job = await getOwnJob(ctx, accountId, input.jobId);
  const { every, nos } = sampleShards(job.shardCount);
  const verdicts = await listVerdicts(ctx.db, job.id, nos);
  const life = { fromMs: job.createdAt.getTime(), toMs: (job.endedAt ?? ctx.clock.now()).getTime(), every };
  return {
    every,
    spans: buildHistory(verdicts, life).map(({ fromMs, toMs, ...span }) => ({
      ...span,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
    })),
  };
}
