import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { pauseJob as pauseJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { moveJob } from "./move-job.ts";

type Endpoint = typeof pauseJobEndpoint;

/** Stops new grants of a running job; what is being computed may still report. Pausing a paused job changes nothing. */
export async function pauseJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  return await moveJob(ctx, input.jobId, { from: ["running"], to: "paused" });
}
