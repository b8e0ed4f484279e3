import "server-only";
import { uuidOf } from "#lib/domain/ids.ts";
import { type createUpload, OPEN_UPLOADS } from "#lib/protocol/artifacts/uploads.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { Services } from "../../context.ts";
import { type OpenUpload, rewindUpload } from "./upload-store.ts";

/** Until when an upload waits that got a byte at this moment. */
export function expiryFrom(at: Date): Date {
  return new Date(at.getTime() + OPEN_UPLOADS.waitMs);
}

/** An open upload as the protocol shows it. */
export function viewUpload({ uploadId, receivedBytes, bytes, expiresAt }: OpenUpload): OutputOf<typeof createUpload> {
  return { state: "open", uploadId, offset: receivedBytes, bytes, expiresAt: expiresAt.toISOString() };
}

/** The upload as its bytes are: where fewer are here than were noted, as after a restored backup, it goes on from their end. */
export async function rewindToBytes(services: Services, upload: OpenUpload): Promise<OpenUpload> {
  if (upload.receivedBytes === 0) return upload;
  const size = await services.blobs.partials.size(uuidOf(upload.uploadId));
  if (size >= upload.receivedBytes) return upload;
  await rewindUpload(services.db, upload.uploadId, size);
  return { ...upload, receivedBytes: size };
}
