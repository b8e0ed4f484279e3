import "server-only";
import { uuidOf } from "#lib/domain/ids.ts";
import type { Services } from "../../context.ts";
import { deleteExpiredUpload, listExpiredUploads } from "./upload-store.ts";

const AT_ONCE = 100;

/** Removes uploads that got no byte for too long: their bytes first, so that none are left that nothing names. */
export async function deleteExpiredUploads(services: Services): Promise<number> {
  const at = services.clock.now();
  const expired = await listExpiredUploads(services.db, at, AT_ONCE);
  for (const uploadId of expired) {
    await services.blobs.partials.remove(uuidOf(uploadId));
    await deleteExpiredUpload(services.db, uploadId, at);
  }
  return expired.length;
}
