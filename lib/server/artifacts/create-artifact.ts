import "server-only";
import type { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { refuseKept } from "../quotas/check-quotas.ts";
import { meterUpload } from "../quotas/meter-upload.ts";
import { insertOwner, renewOwned } from "./artifact-store.ts";
import { recordArtifact } from "./record-artifact.ts";
import { UPLOAD_LIMITS } from "./upload-limits.ts";

type Endpoint = typeof createArtifactEndpoint;

/**
 * Stores an account's upload, streamed. The answer is the same whether the bytes were known or not, and every byte is read either way.
 * Throws `too_large` as soon as the limit of the part is passed, `digest_mismatch` for other bytes than announced, `upload_quota` and `kept_full`.
 */
export async function createArtifact(ctx: Context, input: InputOf<Endpoint>, body: AsyncIterable<Uint8Array>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "artifacts:write");
  const { what, bytesMax } = UPLOAD_LIMITS[input.part];
  const stored = await ctx.blobs.put(meterUpload(ctx, accountId, body), { bytesMax, ...(input.sha256 === undefined ? {} : { expected: input.sha256 }) });
  if (!stored.ok) {
    if (stored.reason === "too_large") throw new ApiError("too_large", { what, limit: bytesMax });
    throw new ApiError("digest_mismatch", { got: stored.got, want: input.sha256 ?? "" });
  }
  const artifact = { sha256: stored.sha256, bytes: stored.bytes };
  await recordArtifact(ctx, artifact, async (tx) => {
    const at = ctx.clock.now();
    // Bytes that the account has already take no more room.
    if ((await renewOwned(tx, accountId, { sha256s: [artifact.sha256], at })).size > 0) return;
    await refuseKept(tx, ctx, accountId, artifact);
    await insertOwner(tx, { sha256: artifact.sha256, accountId, at });
  });
  return artifact;
}
