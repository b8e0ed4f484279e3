import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { AccountId } from "#lib/domain/ids.ts";
import type { Draft } from "./draft.ts";

const DATABASE = "shoal-draft";
const STORE = "drafts";
type Schema = DBSchema & { [STORE]: { key: AccountId; value: Draft } };

/** The draft of an account in this browser, or null. Fails where the browser keeps nothing for this site. */
export async function readDraft(account: AccountId): Promise<Draft | null> {
  return await using(async (database) => (await database.get(STORE, account)) ?? null);
}

/** Keeps a draft in the place of the one before; null removes it. */
export async function keepDraft(account: AccountId, draft: Draft | null): Promise<void> {
  await using(async (database) => {
    if (draft) await database.put(STORE, draft, account);
    else await database.delete(STORE, account);
  });
}

/** Opened for each use, so that nobody who wants to delete the database waits for this page. */
async function using<T>(use: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const database = await openDB<Schema>(DATABASE, 1, { upgrade: (made) => void made.createObjectStore(STORE) });
  try {
    return await use(database);
  } finally {
    database.close();
  }
}
