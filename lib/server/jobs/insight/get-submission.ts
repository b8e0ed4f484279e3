import "server-only";
import type { JobSpec } from "#lib/domain/job/job.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getSubmission as getSubmissionEndpoint } from "#lib/protocol/jobs/insight.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";

type Endpoint = typeof getSubmissionEndpoint;

/** The job.json of the account's job. A class that decides its own replicas is named without their numbers, as a submission has to name it. */
export async function getSubmission(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return toSubmission((await getOwnJob(ctx, accountId, input.jobId)).spec);
}

/** A job as it would be submitted again. */
export function toSubmission(spec: JobSpec): OutputOf<Endpoint> {
  const { assurance, compare } = spec.verification;
  return assurance === "instant" ? spec : { ...spec, verification: { assurance, ...(compare ? { compare } : {}) } };
}
