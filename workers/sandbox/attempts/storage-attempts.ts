import { type Attempt, need, opened, soon } from "./attempt.ts";

const NAME = "shoal-escape";

async function byDatabase(): Promise<string> {
  const request = need<IDBFactory>("indexedDB").open(NAME);
  await opened(request, "success");
  request.result.close();
  return "a database";
}

async function byFiles(): Promise<string> {
  const root = await need<StorageManager>("navigator.storage").getDirectory();
  await root.getFileHandle(NAME, { create: true });
  await root.removeEntry(NAME);
  return "a file";
}

const storage = (name: string, attempt: Attempt["attempt"]): Attempt => ({ name, group: "storage", attempt });

/** Ways to read or leave something in what the browser keeps for the site. */
export const STORAGE_ATTEMPTS: readonly Attempt[] = [
  storage("indexedDB.open()", byDatabase),
  storage("caches.open()", async () => `${await need<CacheStorage>("caches").open(NAME)}`),
  storage("navigator.storage.getDirectory()", byFiles),
  storage("navigator.locks.request()", () => soon(need<LockManager>("navigator.locks").request(NAME, () => "a lock"))),
  storage("localStorage", () => need<Storage>("localStorage").setItem(NAME, "1")),
  storage("sessionStorage", () => need<Storage>("sessionStorage").setItem(NAME, "1")),
  storage("document.cookie", () => need<string>("document.cookie")),
  storage("cookieStore.getAll()", () => need<{ getAll(): Promise<unknown> }>("cookieStore").getAll()),
];
