import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { hasArtifact, insertArtifact, lockArtifact } from "./artifact-store.ts";

/*
 * Bytes come into the store before their row, and bytes without a row may be discarded. Both sides take the artifact's lock: whoever records finds
 * the bytes or says so, whoever discards sees the row or removes bytes that nobody recorded.
 */

/** A step of every command that stores bytes: records them. Throws `unavailable` if a refusal elsewhere discarded the same bytes just now. */
export async function recordArtifact(tx: Tx, services: Services, artifact: { sha256: Sha256; bytes: number }): Promise<void> {
  await lockArtifact(tx, artifact.sha256);
  if ((await services.blobs.size(artifact.sha256)) === null)
    throw new ApiError("unavailable", { problem: "the same bytes were being removed; send them again" });
  await insertArtifact(tx, { ...artifact, at: services.clock.now() });
}

/** Removes bytes that were stored for something that was then refused, unless somebody has them on record. */
export async function discardArtifact(services: Services, sha256: Sha256): Promise<void> {
  await transaction(services.db, async (tx) => {
    await lockArtifact(tx, sha256);
    if (!(await hasArtifact(tx, sha256))) await services.blobs.remove(sha256);
  });
}
