import { createDeviceKey, type DeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import type { SeqMemory } from "#workers/volunteer/exchange/exchange-loop.ts";

const DATABASE = "shoal-device";
const STORE = "device";

/** This browser profile as a device: its key, which no script can read, and the number of its last exchange. Both live in IndexedDB. */
export type DeviceStore = SeqMemory & { key: DeviceKey };

/** Opens the device of this profile, made anew where there is none. Fails where the browser keeps nothing for this page or has no WebCrypto. */
export async function openDeviceStore(): Promise<DeviceStore> {
  const database = await openDatabase();
  let key = await get<DeviceKey>(database, "key");
  if (!key) {
    key = await createDeviceKey({ extractable: false });
    await put(database, "key", key);
  }
  return {
    key,
    last: async () => (await get<number>(database, "seq")) ?? 0,
    save: async (seq) => await put(database, "seq", seq),
  };
}

/** The key of this profile's device; null where it never was one, and then none is made. */
export async function findDeviceKey(): Promise<DeviceKey | null> {
  const database = await openDatabase();
  try {
    return (await get<DeviceKey>(database, "key")) ?? null;
  } finally {
    database.close();
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return await resultOf(request);
}

async function get<T>(database: IDBDatabase, name: string): Promise<T | undefined> {
  return (await resultOf(database.transaction(STORE).objectStore(STORE).get(name))) as T | undefined;
}

async function put(database: IDBDatabase, name: string, value: unknown): Promise<void> {
  await resultOf(database.transaction(STORE, "readwrite").objectStore(STORE).put(value, name));
}

async function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  return await promise;
}
