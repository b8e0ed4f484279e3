import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { GrantView, JobManifest } from "#lib/protocol/exchange/exchange.ts";
import type { Services } from "../../context.ts";
import { deriveSecret, signPermission } from "../../secrets.ts";
import type { JobFacts, JobSnapshot } from "../job-snapshot.ts";
import type { Grant } from "./grant-store.ts";
import { locateShards } from "./locate-shards.ts";

/** Signed URLs outlive every grant they come with. */
const URL_LIFE_MS = 12 * 3_600_000;

type GrantedRange = Pick<Grant, "jobId" | "id" | "fromNo" | "toNo">;
type Presentation = { grants: GrantView[]; manifests: JobManifest[] };

/** Grants as devices see them, and the manifests of those jobs the device does not know. URLs carry their permission. */
export async function presentGrants(
  services: Services,
  snapshot: JobSnapshot,
  request: { grants: readonly GrantedRange[]; knownJobs: readonly JobId[] },
): Promise<Presentation> {
  if (request.grants.length === 0) return { grants: [], manifests: [] };
  const facts = await snapshot.facts([...new Set(request.grants.map((grant) => grant.jobId))]);
  const sign = signer(services);
  const grants = await Promise.all(
    request.grants.map(async (grant) => {
      const job = facts.get(grant.jobId);
      return job ? [await presentGrant(services, job, { grant, sign })] : [];
    }),
  );
  const known = new Set(request.knownJobs);
  const manifests = [...facts.values()].filter((job) => !known.has(job.jobId)).map((job) => presentManifest(job, sign));
  return { grants: grants.flat(), manifests };
}

type Signer = { read(sha256: string): string; output(grant: GrantedRange): string };

function signer(services: Services): Signer {
  const secret = deriveSecret(services.config.sessionSecret, "artifact-url");
  const expires = services.clock.now().getTime() + URL_LIFE_MS;
  return {
    read: (sha256) => `/api/v1/artifacts/${sha256}?expires=${expires}&signature=${signPermission(secret, { scope: `read:${sha256}`, expires })}`,
    output: ({ jobId, id }) =>
      `/api/v1/artifacts/{sha256}?jobId=${jobId}&grantId=${id}&expires=${expires}&signature=${signPermission(secret, { scope: `output:${jobId}:${id}`, expires })}`,
  };
}

async function presentGrant(services: Services, job: JobFacts, part: { grant: GrantedRange; sign: Signer }): Promise<GrantView> {
  const { grant, sign } = part;
  const { fromNo, toNo, jobId, id } = grant;
  const view: GrantView = { jobId, grantId: id, fromNo, toNo, deadlineMs: services.config.grantLeaseMs, outputUrl: sign.output(grant) };
  const input = await locateShards(services.blobs, job, { fromNo, toNo });
  return input ? { ...view, input: { ...input.places, url: sign.read(input.sha256) } } : view;
}

function presentManifest(job: JobFacts, sign: Signer): JobManifest {
  const { spec, jobId } = job;
  return {
    jobId,
    name: spec.name,
    description: spec.description,
    topic: spec.topic,
    runtime: spec.program.runtime,
    program: { sha256: spec.program.artifact.sha256, url: sign.read(spec.program.artifact.sha256) },
    args: spec.program.args,
    kernel: spec.program.kernel,
    files: spec.files.map((file) => ({ name: file.name, sha256: file.artifact.sha256, url: sign.read(file.artifact.sha256) })),
    slicing: spec.slicing,
    format: spec.output.format,
    limits: spec.limits,
    seed: spec.seed,
  };
}
