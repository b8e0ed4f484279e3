import "server-only";
import type { getArtifact as getArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { isUnderReview } from "../policy/review-store.ts";
import { requireAccount } from "../principal.ts";
import { deriveSecret, isPermitted } from "../secrets.ts";
import { mayRead } from "./artifact-store.ts";
import { chooseRange } from "./byte-range.ts";
import { UNTRUSTED_BYTES_HEADERS } from "./untrusted-bytes-headers.ts";

type Endpoint = typeof getArtifactEndpoint;

/**
 * An artifact's bytes, whole or the range asked for. Readable through the signed URL of a grant, by who uploaded it and by who owns a job that refers
 * to it; while a job waits for review, by operators; for anybody else it looks like one that does not exist. A range beyond the end is answered
 * with 416 and no bytes. Where the store may be reached by others the answer is a way to it instead.
 */
export async function getArtifact(ctx: Context, input: InputOf<Endpoint>, request: { range: string | null }): Promise<ByteAnswer> {
  await authorise(ctx, input);
  const { sha256 } = input;
  const bytes = await ctx.blobs.size(sha256);
  if (bytes === null) throw new ApiError("not_found", { what: "artifact" });
  if (ctx.blobs.directUrl) {
    const location = await ctx.blobs.directUrl(sha256);
    return { status: 307, headers: { ...UNTRUSTED_BYTES_HEADERS, "cache-control": "no-store", location }, body: noBytes() };
  }
  const choice = chooseRange(request.range, bytes);
  const headers = {
    ...UNTRUSTED_BYTES_HEADERS,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=31536000, immutable",
    "content-disposition": `attachment; filename="${sha256}"`,
    "content-type": "application/octet-stream",
    etag: `"${sha256}"`,
  };
  if (choice.kind === "unsatisfiable")
    return { status: 416, headers: { ...UNTRUSTED_BYTES_HEADERS, "cache-control": "no-store", "content-range": `bytes */${bytes}` }, body: noBytes() };
  if (choice.kind === "whole") return { status: 200, headers: { ...headers, "content-length": String(bytes) }, body: ctx.blobs.read(sha256) };
  const { start, end } = choice;
  return {
    status: 206,
    headers: { ...headers, "content-length": String(end - start), "content-range": `bytes ${start}-${end - 1}/${bytes}` },
    body: ctx.blobs.read(sha256, { start, end }),
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

async function authorise(ctx: Context, input: InputOf<Endpoint>): Promise<void> {
  const { sha256, expires, signature } = input;
  if (signature !== undefined) {
    const secret = deriveSecret(ctx.config.sessionSecret, "artifact-url");
    const permission = { scope: `read:${sha256}`, expires: expires ?? 0 };
    if (!isPermitted(secret, permission, { signature, nowMs: ctx.clock.now().getTime() }))
      throw new ApiError("signature_invalid", { problem: "the URL is not signed for this or has expired" });
    return;
  }
  const { accountId, roles } = requireAccount(ctx.principal, "jobs:read");
  if (await mayRead(ctx.db, accountId, sha256)) return;
  if (roles.includes("operator") && (await isUnderReview(ctx.db, sha256))) return;
  throw new ApiError("not_found", { what: "artifact" });
}
