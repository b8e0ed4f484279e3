import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { resumeJob as resumeJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { moveJob } from "./move-job.ts";

type Endpoint = typeof resumeJobEndpoint;

/** Grants shards of a paused job, or of one that waited for funds, again. Resuming a running job changes nothing. */
export async function resumeJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  return await moveJob(ctx, input.jobId, { from: ["paused", "needs_funds"], to: "running" });
}
