import "server-only";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { Inspection } from "#lib/domain/program/inspect-wasm.ts";
import { TOO_MUCH_WORK } from "#lib/domain/program/program-problems.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { BlobStore } from "../artifacts/blob-store.ts";
import { followOrder } from "./follow-order.ts";
import type { InspectionAnswer, InspectionOrder } from "./inspection-contract.ts";
import { ThreadPool } from "./thread-pool.ts";

/** What is smaller is looked at in a few milliseconds, where a thread would first have to start. */
const HERE_BYTES_MAX = 128 * 1024;
const LIMITS = { threads: Math.max(1, Math.min(4, availableParallelism() - 1)), waitingMax: 64, timeMsMax: 30_000, heapMibMax: 512 };

/* The process starts in the root, where its sources lie beside what was built of them. */
const pool = new ThreadPool<InspectionOrder, InspectionAnswer[InspectionOrder["kind"]]>(
  join(/* turbopackIgnore: true */ process.cwd(), "lib/server/inspection/inspect.worker.ts"),
  LIMITS,
);

/**
 * What a stored module is and why it may not run. Large ones are looked at in a thread of their own, so that nobody else waits; one for which that takes more time or
 * memory than any real program needs has that as its problem. Throws `unavailable` while too many wait.
 */
export async function inspectStored(blobs: BlobStore, sha256: Sha256, memoryBytesMax: number | null): Promise<Inspection> {
  const bytes = await blobs.readBytes(sha256);
  const sizeBytes = bytes.length;
  const inspection = await look<Inspection>({ kind: "inspect", bytes, memoryBytesMax });
  return inspection ?? { imports: [], memory: null, features: [], sizeBytes, producers: [], problems: [TOO_MUCH_WORK] };
}

/** By what a stored program would be taken for a miner, looked for in the same way. Throws `unavailable` also where it takes too much time or memory. */
export async function findStoredMinerSigns(blobs: BlobStore, sha256: Sha256, program: { runtime: string; args?: readonly string[] }): Promise<string[]> {
  const { runtime, args = [] } = program;
  const signs = await look<string[]>({ kind: "miner_signs", bytes: await blobs.readBytes(sha256), runtime, args });
  if (!signs) throw new ApiError("unavailable", { problem: "looking at the program took too long" });
  return signs;
}

/** The answer, or null where it took too much. The bytes are gone afterwards. */
async function look<Answer extends InspectionAnswer[InspectionOrder["kind"]]>(order: InspectionOrder): Promise<Answer | null> {
  if (order.bytes.length <= HERE_BYTES_MAX) return (await followOrder(order)) as Answer;
  const { bytes } = order;
  // A part of a larger buffer is not its own to give away.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  const done = await pool.run({ ...order, bytes: own }, [own.buffer as ArrayBuffer]);
  if (done.ok) return done.answer as Answer;
  if (done.reason === "busy") throw new ApiError("unavailable", { problem: "many programs are being looked at" });
  return null;
}
