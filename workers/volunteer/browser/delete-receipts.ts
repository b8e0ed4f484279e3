import { openEngineDatabase } from "./engine-database.ts";

/** Deletes every receipt of this browser profile; results that wait to be sent stay. Fails where the browser keeps nothing for this site. */
export async function deleteReceipts(): Promise<void> {
  const database = await openEngineDatabase();
  try {
    await database.clear("receipts");
  } finally {
    database.close();
  }
}
