import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { deleteUnusedArtifact, hasArtifact, insertArtifact, lockArtifact } from "./artifact-store.ts";

/*
 * Bytes come into the store before their row, and bytes whose row was refused are removed again, though others may be storing the same ones.
 * Both sides take the artifact's lock in the database: whoever records finds the bytes or says that they vanished, whoever removes sees the row or that
 * nobody in this process is about to write it.
 */

/** The same bytes were removed, after a refusal elsewhere, between storing and recording them: store them again. */
export class BytesVanishedError extends Error {
  override name = "BytesVanishedError";
}

/** Bytes that commands of this process have stored and not yet recorded, and how many commands. */
const held = new Map<Sha256, number>();

type StoredArtifact = { sha256: Sha256; bytes: number };

/**
 * Records stored bytes in one transaction with what `save` writes. If that fails, the bytes are removed again unless somebody else has them.
 * Throws `BytesVanishedError` if they are gone. `save` may run more than once, as in every transaction.
 */
export async function recordArtifact(services: Services, artifact: StoredArtifact, save: (tx: Tx) => Promise<void>): Promise<void> {
  await recordArtifacts(services, [artifact], save);
}

/** The same for several artifacts, of which all are recorded or none. */
export async function recordArtifacts(services: Services, given: readonly StoredArtifact[], save: (tx: Tx) => Promise<void>): Promise<void> {
  // Locked in one order, so that two who record the same ones never wait for each other.
  const artifacts = given.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  for (const { sha256 } of artifacts) held.set(sha256, (held.get(sha256) ?? 0) + 1);
  try {
    await transaction(services.db, async (tx) => {
      for (const artifact of artifacts) await insertStored(tx, services, artifact);
      await save(tx);
    });
    for (const { sha256 } of artifacts) release(sha256);
  } catch (error) {
    for (const { sha256 } of artifacts) release(sha256);
    // What cannot be removed now is only bytes that nobody can name; the refusal matters more.
    for (const { sha256 } of artifacts)
      await discardArtifact(services, sha256).catch((err: unknown) => services.log.warn({ err, sha256 }, "refused bytes stay in the store"));
    throw error;
  }
}

async function insertStored(tx: Tx, services: Services, artifact: StoredArtifact): Promise<void> {
  const { sha256 } = artifact;
  await lockArtifact(tx, sha256);
  if ((await services.blobs.size(sha256)) === null) throw new BytesVanishedError(`the bytes of ${sha256} were removed before they were recorded`);
  await insertArtifact(tx, { ...artifact, at: services.clock.now() });
}

function release(sha256: Sha256): void {
  const holders = (held.get(sha256) ?? 1) - 1;
  if (holders === 0) held.delete(sha256);
  else held.set(sha256, holders);
}

/** Removes bytes that were refused or that nobody refers to any more, unless somebody has them on record or is about to. */
export async function discardArtifact(services: Services, sha256: Sha256): Promise<void> {
  await transaction(services.db, async (tx) => {
    await lockArtifact(tx, sha256);
    if (!(await hasArtifact(tx, sha256)) && !held.has(sha256)) await services.blobs.remove(sha256);
  });
}

/**
 * Removes an artifact, row and bytes, that no account and no job has any more; false where somebody has it or is about to. The caller holds its lock. The
 * bytes go before the row is gone for good: after a crash in between the row is still there to be found again.
 */
export async function removeIfUnused(tx: Tx, services: Services, sha256: Sha256): Promise<boolean> {
  if (held.has(sha256) || !(await deleteUnusedArtifact(tx, sha256))) return false;
  await services.blobs.remove(sha256);
  return true;
}
