import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { cancelJob as cancelJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { endJob } from "./end-job.ts";
import { getJobView, getOwnJob } from "./get-job.ts";

type Endpoint = typeof cancelJobEndpoint;

/** Ends the account's job for good and returns what was not spent. Cancelling a cancelled job changes nothing; one that ended otherwise is `job_ended`. */
export async function cancelJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  await getOwnJob(ctx, accountId, input.jobId, "manage");
  await endJob(ctx, { jobId: input.jobId, state: "cancelled", reason: { code: "job_cancelled", params: {} }, by: accountId });
  const view = await getJobView(ctx, accountId, input.jobId);
  if (view.state !== "cancelled") throw new ApiError("job_ended", { state: view.state });
  return view;
}
