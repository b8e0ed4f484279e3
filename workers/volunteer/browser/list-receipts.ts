import type { Receipt } from "../storage/storage-contract.ts";
import { openEngineDatabase } from "./engine-database.ts";

/** The receipts this browser profile keeps of the shards it ran, the newest first; none where it keeps nothing for this site. */
export async function listReceipts(countMax: number): Promise<Receipt[]> {
  try {
    const database = await openEngineDatabase();
    try {
      const receipts: Receipt[] = [];
      const newestFirst = database.transaction("receipts").store.index("atMs").iterate(null, "prev");
      for await (const { value } of newestFirst) {
        receipts.push(value);
        if (receipts.length >= countMax) break;
      }
      return receipts;
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
