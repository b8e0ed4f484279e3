import type { DataUsage, EngineStorage, KeptResult, ResultRef } from "./storage-contract.ts";

/** Storage that lives as long as the process: for browsers that keep nothing for a page. Programs and receipts are not kept at all. */
export function createMemoryStorage(): EngineStorage {
  const results = new Map<string, KeptResult>();
  let usage: DataUsage | null = null;
  return {
    results: {
      list: async () => [...results.values()],
      keep: async (kept) => void results.set(keyOf({ grantId: kept.grantId, no: kept.result.no }), kept),
      drop: async (refs) => {
        for (const ref of refs) results.delete(keyOf(ref));
      },
    },
    artifacts: { find: async () => null, keep: async () => undefined },
    receipts: { add: async () => undefined, change: async () => undefined },
    usage: {
      load: async () => usage,
      save: async (next) => {
        usage = next;
      },
    },
  };
}

function keyOf({ grantId, no }: ResultRef): string {
  return `${grantId} ${no}`;
}
