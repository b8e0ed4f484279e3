import "server-only";
import { isId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { listJobs as listJobsEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { toReasonView } from "./get-job.ts";
import { listJobRows } from "./job-store.ts";

type Endpoint = typeof listJobsEndpoint;

/** The account's jobs, newest first, a page at a time; `next` of one page is `after` of the following one. */
export async function listJobs(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { after, limit, state, search } = input;
  if (after !== undefined && !isId("job", after)) throw new ApiError("bad_request", { field: "after", problem: "must be the next of an earlier page" });
  const rows = await listJobRows(ctx.db, accountId, { limit: limit + 1, after: after ?? null, state: state ?? null, search: search || null });
  const page = rows.slice(0, limit);
  return {
    jobs: page.map(({ accepted, failed, final, revoked, reason, createdAt, endedAt, ...job }) => ({
      ...job,
      reason: toReasonView(reason),
      acceptedCount: accepted,
      failedCount: failed,
      finalCount: final,
      revokedCount: revoked,
      createdAt: createdAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    })),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
