import "server-only";
import { type GrantId, isId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { isOpen, type JobState } from "#lib/domain/job/job.ts";
import type { putOutput as putOutputEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { deriveSecret, isPermitted } from "../secrets.ts";
import { insertJobArtifacts } from "./artifact-store.ts";
import { recordArtifact } from "./record-artifact.ts";

type Endpoint = typeof putOutputEndpoint;

/**
 * Stores an output of a device under the digest it names, through the signed URL of its grant. Throws `signature_invalid`, `grant_unknown`, `job_ended`,
 * `output_limit` as soon as the job's limit is passed, `digest_mismatch`. It may be repeated, but not without end: a grant has three uploads a shard.
 */
export async function putOutput(ctx: Context, input: InputOf<Endpoint>, body: AsyncIterable<Uint8Array>): Promise<OutputOf<Endpoint>> {
  const { sha256 } = input;
  const { jobId, grantId } = authorise(ctx, input);
  const job = await takeUpload(ctx.db, { jobId, grantId, now: ctx.clock.now() });
  if (!job) throw new ApiError("grant_unknown");
  if (!isOpen(job.state) && job.state !== "final") throw new ApiError("job_ended", { state: job.state });
  const stored = await ctx.blobs.put(body, { bytesMax: job.outputBytesMax, expected: sha256 });
  if (!stored.ok) {
    if (stored.reason === "too_large") throw new ApiError("output_limit");
    throw new ApiError("digest_mismatch", { got: stored.got, want: sha256 });
  }
  await recordArtifact(ctx, { sha256, bytes: stored.bytes }, (tx) => insertJobArtifacts(tx, jobId, [{ sha256, part: "output" }]));
  return { sha256, bytes: stored.bytes };
}

function authorise(ctx: Context, input: InputOf<Endpoint>): { jobId: JobId; grantId: GrantId } {
  const { jobId, grantId, expires, signature } = input;
  const secret = deriveSecret(ctx.config.sessionSecret, "artifact-url");
  const isSigned = isPermitted(secret, { scope: `output:${jobId}:${grantId}`, expires }, { signature, nowMs: ctx.clock.now().getTime() });
  if (!isSigned || !isId("job", jobId) || !isId("grt", grantId))
    throw new ApiError("signature_invalid", { problem: "the URL is not signed for this or has expired" });
  return { jobId, grantId };
}

/** An output may be sent again when its answer was lost, but a grant is no door to unlimited storage. */
const UPLOADS_PER_SHARD_MAX = 3;

/** Counts an upload of a grant that may still report; its job, or null for a grant that may not, or has used up its uploads. */
async function takeUpload(reader: Reader, grant: { jobId: JobId; grantId: GrantId; now: Date }): Promise<{ state: JobState; outputBytesMax: number } | null> {
  const [row] = await reader<{ state: JobState; output_bytes_max: number }[]>`
    update grants g set uploads = g.uploads + 1 from jobs j
    where j.id = g.job_id and g.job_id = ${uuidOf(grant.jobId)} and g.id = ${uuidOf(grant.grantId)} and g.state in ('open', 'expired') and g.hard_cap_at > ${grant.now}
      and g.uploads < (g.to_no - g.from_no) * ${UPLOADS_PER_SHARD_MAX}
    returning j.state, (j.spec->'limits'->>'outputBytesMax')::int as output_bytes_max`;
  return row ? { state: row.state, outputBytesMax: row.output_bytes_max } : null;
}
