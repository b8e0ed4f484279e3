import "server-only";
import { buildRuns, shardsPerMark } from "#lib/domain/job/shard-map.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getJobMap as getJobMapEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { getOwnJob } from "../jobs/get-job.ts";
import { requireAccount } from "../principal.ts";
import { listMarks } from "./shard-map-store.ts";
import { getClosedWindow } from "./shard-read-store.ts";
import { getCounters } from "./shard-store.ts";

type Endpoint = typeof getJobMapEndpoint;

/** Where every shard of the account's job stands, from the mark that shard `from` is in on: at most 5,000 marks, alike neighbours as one run. */
export async function getJobMap(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { id, shardCount, spec } = await getOwnJob(ctx, accountId, input.jobId);
  const width = shardsPerMark(shardCount);
  const fromMark = Math.floor(Math.min(input.from, shardCount) / width);
  const [{ wrong, revoked }, closedWindowNo] = await Promise.all([getCounters(ctx.db, id), getClosedWindow(ctx.db, spec.verification.assurance)]);
  const tallies = await listMarks(ctx.db, id, { fromNo: fromMark * width, shardsPerMark: width, hasWrong: wrong > 0, closedWindowNo });
  const version = ASSURANCE[spec.verification.assurance].hasHold ? `${closedWindowNo}.${revoked}` : "0";
  return { shardCount, shardsPerMark: width, version, runs: buildRuns({ shardCount, shardsPerMark: width, fromMark }, tallies) };
}
