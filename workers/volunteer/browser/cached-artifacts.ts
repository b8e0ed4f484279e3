import { chooseEvictions, STORED_ARTIFACTS } from "../storage/choose-evictions.ts";
import type { ArtifactStore } from "../storage/storage-contract.ts";
import type { EngineDatabase } from "./engine-database.ts";

const CACHE = "shoal-artifacts";

/** Programs and shared files in Cache Storage, the longest unused evicted; the database knows when each was used. */
export function createCachedArtifacts(database: EngineDatabase, bounds: { countMax: number; bytesMax: number } = STORED_ARTIFACTS): ArtifactStore {
  return {
    async find(sha256) {
      const cache = await caches.open(CACHE);
      const response = await cache.match(urlOf(sha256));
      if (!response) return null;
      const bytes = new Uint8Array(await response.arrayBuffer());
      await database.put("artifacts", { sha256, bytes: bytes.length, usedAtMs: Date.now() }, sha256);
      return bytes;
    },
    async keep(sha256, bytes) {
      if (bytes.length > bounds.bytesMax) return;
      const cache = await caches.open(CACHE);
      await cache.put(urlOf(sha256), new Response(bytes));
      // Named after it lies there: what a crash leaves unnamed is named by the next use or written over.
      await database.put("artifacts", { sha256, bytes: bytes.length, usedAtMs: Date.now() }, sha256);
      for (const evicted of chooseEvictions(await database.getAll("artifacts"), bounds)) {
        await cache.delete(urlOf(evicted));
        await database.delete("artifacts", evicted);
      }
    },
  };
}

/** Entries of a cache are named by URLs; this one is never requested. */
function urlOf(sha256: string): string {
  return `/artifacts-by-digest/${sha256}`;
}
