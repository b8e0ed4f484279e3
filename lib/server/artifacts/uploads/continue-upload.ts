import "server-only";
import { type AccountId, type UploadId, uuidOf } from "#lib/domain/ids.ts";
import type { continueUpload as continueUploadEndpoint } from "#lib/protocol/artifacts/uploads.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { meterUpload } from "../../quotas/meter-upload.ts";
import { insertOwner, listOwned } from "../artifact-store.ts";
import { BlobMissingError } from "../blob-missing-error.ts";
import { recordArtifact } from "../record-artifact.ts";
import { advanceUpload, findUpload, type OpenUpload, removeUpload } from "./upload-store.ts";
import { expiryFrom, rewindToBytes, viewUpload } from "./view-upload.ts";

type Endpoint = typeof continueUploadEndpoint;
type View = OutputOf<Endpoint>;

/**
 * Adds the body to an upload of the account, streamed and synced; with its last byte the upload becomes an artifact of the account. Throws `not_found` for
 * one of somebody else, `upload_offset` where it does not go on there, `digest_mismatch` where the whole is not what was announced: then nothing of it is kept.
 */
export async function continueUpload(ctx: Context, input: InputOf<Endpoint>, body: AsyncIterable<Uint8Array>): Promise<View> {
  const { accountId } = requireAccount(ctx.principal, "artifacts:write");
  const uploadId = input.uploadId as UploadId;
  const found = await findUpload(ctx.db, accountId, uploadId, ctx.clock.now());
  if (!found) throw new ApiError("not_found", { what: "upload" });
  const upload = await rewindToBytes(ctx, found);
  if (input.offset !== upload.receivedBytes) throw new ApiError("upload_offset", { want: upload.receivedBytes, got: input.offset });
  const advanced = await addBytes(ctx, upload, meterUpload(ctx, accountId, body));
  if (advanced.receivedBytes < advanced.bytes) return viewUpload(advanced);
  return { state: "complete", artifact: await finishUpload(ctx, accountId, advanced) };
}

async function addBytes(ctx: Context, upload: OpenUpload, body: AsyncIterable<Uint8Array>): Promise<OpenUpload> {
  const { uploadId, receivedBytes, bytes } = upload;
  const written = await ctx.blobs.partials.write(uuidOf(uploadId), body, { offset: receivedBytes, bytesMax: bytes - receivedBytes });
  // Bytes beyond what was announced make the sender's account of all of them doubtful: none of this request count.
  if (written.end === "too_long") throw new ApiError("bad_request", { field: "(body)", problem: `it goes beyond the ${bytes} bytes that were announced` });
  const end = receivedBytes + written.bytes;
  const advanced = await advanceUpload(ctx.db, uploadId, { receivedBytes: end, expiresAt: expiryFrom(ctx.clock.now()) });
  if (written.end === "interrupted") throw written.cause;
  if (!advanced) throw new ApiError("not_found", { what: "upload" });
  return advanced;
}

/**
 * Copied into the store rather than moved: the bytes that are hashed are the ones that are kept, whatever a second writer of the same upload does
 * meanwhile. A repeated last request finds the artifact.
 */
async function finishUpload(ctx: Context, accountId: AccountId, { uploadId, sha256, bytes }: OpenUpload): Promise<{ sha256: string; bytes: number }> {
  const name = uuidOf(uploadId);
  try {
    const stored = await ctx.blobs.put(ctx.blobs.partials.read(name, bytes), { bytesMax: bytes, expected: sha256 });
    if (!stored.ok) {
      await removeUpload(ctx.db, accountId, uploadId);
      await ctx.blobs.partials.remove(name);
      throw stored.reason === "digest_mismatch"
        ? new ApiError("digest_mismatch", { got: stored.got, want: sha256 })
        : new Error("a store gave more than was asked");
    }
    await recordArtifact(ctx, { sha256, bytes: stored.bytes }, async (tx) => {
      await insertOwner(tx, { sha256, accountId, at: ctx.clock.now() });
      await removeUpload(tx, accountId, uploadId);
    });
    await ctx.blobs.partials.remove(name);
    return { sha256, bytes: stored.bytes };
  } catch (error) {
    const owned = error instanceof BlobMissingError ? (await listOwned(ctx.db, accountId, [sha256])).get(sha256) : undefined;
    if (owned === undefined) throw error;
    return { sha256, bytes: owned };
  }
}
