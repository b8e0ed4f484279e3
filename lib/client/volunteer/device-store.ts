import type { DeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import type { DevicePhrase } from "#workers/volunteer/exchange/device-phrase.ts";
import type { SeqMemory } from "#workers/volunteer/exchange/exchange-loop.ts";

const DATABASE = "shoal-device";
const STORE = "device";
const CIPHER = "AES-GCM";
const NONCE_BYTES = 12;

/** This browser profile as a device: its key, which no script can read, and the number of its last exchange. Both live in IndexedDB. */
export type DeviceStore = SeqMemory & { key: DeviceKey };

/** The phrase as it is kept: encrypted with a key that the browser uses and never hands out. */
type SealedPhrase = { cipher: CryptoKey; nonce: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };

/**
 * Opens the device of this profile, made anew from a new phrase where there is none. Fails where the browser keeps nothing for this page or has no WebCrypto.
 */
export async function openDeviceStore(): Promise<DeviceStore> {
  const database = await openDatabase();
  const key = (await get<DeviceKey>(database, "key")) ?? (await createDevice(database));
  return {
    key,
    last: async () => (await get<number>(database, "seq")) ?? 0,
    save: async (seq) => await put(database, { seq }),
  };
}

async function createDevice(database: IDBDatabase): Promise<DeviceKey> {
  if (!globalThis.crypto?.subtle) throw new Error("This page needs https (or localhost) to make a device's key. Open it by its https address.");
  const { createDevicePhrase } = await import("#workers/volunteer/exchange/device-phrase.ts");
  return await keepDevice(database, createDevicePhrase());
}

/** Makes this profile the device of a phrase: the key that was here before is gone. Nothing may compute meanwhile. */
export async function restoreDevice(phrase: DevicePhrase): Promise<void> {
  const database = await openDatabase();
  try {
    await keepDevice(database, phrase);
  } finally {
    database.close();
  }
}

async function keepDevice(database: IDBDatabase, phrase: DevicePhrase): Promise<DeviceKey> {
  const { deriveDeviceKey } = await import("#workers/volunteer/exchange/device-phrase.ts");
  const [key, sealed] = await Promise.all([deriveDeviceKey(phrase, { extractable: false }), seal(phrase)]);
  await put(database, { key, phrase: sealed, seq: 0 });
  return key;
}

/** What a profile knows of its device: none yet, one whose key is kept without a phrase, or one that can be written down. */
export type DeviceStanding = "none" | "keyOnly" | "withPhrase";

/** Whether this profile is a device, and one that has a phrase; makes none. */
export async function findDeviceStanding(): Promise<DeviceStanding> {
  const database = await openDatabase();
  try {
    if (await get<SealedPhrase>(database, "phrase")) return "withPhrase";
    return (await get<DeviceKey>(database, "key")) ? "keyOnly" : "none";
  } finally {
    database.close();
  }
}

/** The phrase of this profile's device, for the eyes of whoever asked; null where it has none. */
export async function readPhrase(): Promise<string | null> {
  const database = await openDatabase();
  try {
    const sealed = await get<SealedPhrase>(database, "phrase");
    return sealed ? await unseal(sealed) : null;
  } finally {
    database.close();
  }
}

async function seal(phrase: DevicePhrase): Promise<SealedPhrase> {
  const cipher = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { cipher, nonce, bytes: await crypto.subtle.encrypt({ name: CIPHER, iv: nonce }, cipher, new TextEncoder().encode(phrase)) };
}

async function unseal({ cipher, nonce, bytes }: SealedPhrase): Promise<string> {
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: CIPHER, iv: nonce }, cipher, bytes));
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

/** Writes all of it or none. */
async function put(database: IDBDatabase, values: Record<string, unknown>): Promise<void> {
  const transaction = database.transaction(STORE, "readwrite");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error);
  for (const [name, value] of Object.entries(values)) transaction.objectStore(STORE).put(value, name);
  await promise;
}

async function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  return await promise;
}
