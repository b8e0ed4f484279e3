import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { StoredArtifact } from "../storage/choose-evictions.ts";
import type { DataUsage, KeptResult, Receipt } from "../storage/storage-contract.ts";

const NAME = "shoal-engine";
const VERSION = 1;
/** A database that another tab keeps from opening must not keep this one from computing. */
const OPEN_DEADLINE_MS = 3000;

type Schema = DBSchema & {
  results: { key: string; value: KeptResult };
  receipts: { key: string; value: Receipt; indexes: { atMs: number } };
  /** Which artifacts lie in Cache Storage, and when each was used. */
  artifacts: { key: string; value: StoredArtifact };
  usage: { key: "usage"; value: DataUsage };
};
export type EngineDatabase = IDBPDatabase<Schema>;

/** Opens this browser profile's database of the engine. Fails where the browser keeps nothing for this site. */
export async function openEngineDatabase(): Promise<EngineDatabase> {
  const opening = openDB<Schema>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore("results");
      database.createObjectStore("receipts").createIndex("atMs", "atMs");
      database.createObjectStore("artifacts");
      database.createObjectStore("usage");
    },
    // A newer version of the page wants to open it: this connection lets it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  });
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("The browser's database does not open.")), OPEN_DEADLINE_MS);
  try {
    return await Promise.race([opening, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** The key of a result and of its receipt. */
export function keyOf({ grantId, no }: { grantId: string; no: number }): string {
  return `${grantId} ${no}`;
}
