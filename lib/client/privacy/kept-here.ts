import { LANGUAGE_COOKIE } from "#lib/text/languages.ts";

/** Everything that scripts of this site keep in a browser, by the name of its sentence. The session's cookie is not here: no script can see it. */
const KEPT = {
  language: { kind: "cookie", name: LANGUAGE_COOKIE },
  theme: { kind: "local", name: "shoal.theme" },
  letterKeys: { kind: "local", name: "shoal.letter-keys" },
  settings: { kind: "local", name: "shoal-volunteer-settings" },
  demoWallet: { kind: "local", name: "shoal.demo-wallet" },
  device: { kind: "database", name: "shoal-device" },
  results: { kind: "database", name: "shoal-engine" },
  draft: { kind: "database", name: "shoal-draft" },
  programs: { kind: "cache", name: "shoal-artifacts" },
  push: { kind: "worker", name: "/push/" },
} as const;
export type KeptName = keyof typeof KEPT;

const NAMES = Object.keys(KEPT) as KeptName[];
/** A database that a tab computes with is not given up; then nothing is waited for any longer. */
const DELETION_MS_MAX = 3000;

/** What this browser keeps for this site now. */
export async function listKeptHere(): Promise<KeptName[]> {
  const databases = new Set((await indexedDB.databases()).map(({ name }) => name));
  const isKept = await Promise.all(
    NAMES.map(async (each) => {
      const { kind, name } = KEPT[each];
      if (kind === "cookie") return document.cookie.split("; ").some((cookie) => cookie.startsWith(`${name}=`));
      if (kind === "local") return localStorage.getItem(name) !== null;
      if (kind === "worker") return (await findWorker(name)) !== undefined;
      return kind === "database" ? databases.has(name) : await caches.has(name);
    }),
  );
  return NAMES.filter((_, i) => isKept[i]);
}

/** Deletes all of it. What a tab is using stays, and is among what `listKeptHere` says afterwards. */
export async function deleteKeptHere(): Promise<void> {
  await Promise.all(
    NAMES.map(async (each) => {
      const { kind, name } = KEPT[each];
      // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the cookie store
      if (kind === "cookie") document.cookie = `${name}=; path=/; max-age=0; samesite=lax`;
      else if (kind === "local") localStorage.removeItem(name);
      else if (kind === "worker") await (await findWorker(name))?.unregister();
      else if (kind === "cache") await caches.delete(name);
      else await deleteDatabase(name);
    }),
  );
}

/** With a service worker goes what it subscribed to. A page over plain http has none. */
async function findWorker(scope: string): Promise<ServiceWorkerRegistration | undefined> {
  return "serviceWorker" in navigator ? await navigator.serviceWorker.getRegistration(scope) : undefined;
}

async function deleteDatabase(name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const request = indexedDB.deleteDatabase(name);
  request.onsuccess = () => resolve();
  request.onerror = () => resolve();
  setTimeout(resolve, DELETION_MS_MAX);
  await promise;
}
