import { createMemoryStorage } from "../storage/memory-storage.ts";
import type { EngineStorage, ReceiptBook, ResultStore } from "../storage/storage-contract.ts";
import { createCachedArtifacts } from "./cached-artifacts.ts";
import { type EngineDatabase, keyOf, openEngineDatabase } from "./engine-database.ts";

/** Receipts kept; some more may be there before the oldest go. */
const RECEIPTS_MAX = 1000;
const RECEIPTS_SLACK = 100;

/** What an engine in this browser profile keeps; in memory only where the browser keeps nothing for this site. */
export async function openBrowserStorage(): Promise<EngineStorage> {
  try {
    const database = await openEngineDatabase();
    return {
      results: createResults(database),
      artifacts: createCachedArtifacts(database),
      receipts: createReceipts(database),
      usage: {
        load: async () => (await database.get("usage", "usage")) ?? null,
        save: async (usage) => void (await database.put("usage", usage, "usage")),
      },
    };
  } catch {
    return createMemoryStorage();
  }
}

function createResults(database: EngineDatabase): ResultStore {
  return {
    list: async () => await database.getAll("results"),
    keep: async (kept) => void (await database.put("results", kept, keyOf({ grantId: kept.grantId, no: kept.result.no }))),
    async drop(refs) {
      const { store, done } = database.transaction("results", "readwrite");
      await Promise.all([...refs.map((ref) => store.delete(keyOf(ref))), done]);
    },
  };
}

function createReceipts(database: EngineDatabase): ReceiptBook {
  return {
    async add(receipt) {
      await database.put("receipts", receipt, keyOf(receipt));
      const surplus = (await database.count("receipts")) - RECEIPTS_MAX;
      if (surplus < RECEIPTS_SLACK) return;
      const { store, done } = database.transaction("receipts", "readwrite");
      const oldest = await store.index("atMs").getAllKeys(null, surplus);
      await Promise.all([...oldest.map((key) => store.delete(key)), done]);
    },
    async change(changes) {
      const { store, done } = database.transaction("receipts", "readwrite");
      for (const { grantId, no, state, problem } of changes) {
        const key = keyOf({ grantId, no });
        const receipt = await store.get(key);
        if (receipt) await store.put({ ...receipt, state, problem }, key);
      }
      await done;
    },
  };
}
