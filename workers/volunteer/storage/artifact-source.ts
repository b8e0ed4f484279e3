import type { Sha256 } from "#lib/domain/ids.ts";
import type { ArtifactStore } from "./storage-contract.ts";

export type ArtifactRef = { sha256: Sha256; url: string };
export type GetArtifact = (ref: ArtifactRef) => Promise<Uint8Array<ArrayBuffer>>;

/** Artifacts by their digest: from what this device keeps, else from the instance. Bytes of another digest are never given out and never kept. */
export function createArtifactSource(fetchBytes: (url: string) => Promise<Uint8Array<ArrayBuffer>>, store: ArtifactStore): GetArtifact {
  return async ({ sha256, url }) => {
    // A store that fails is as good as an empty one.
    const kept = await store.find(sha256).catch(() => null);
    if (kept && (await digestOf(kept)) === sha256) return kept;
    const fetched = await fetchBytes(url);
    if ((await digestOf(fetched)) !== sha256) throw new Error("The instance sends other bytes than it announced: their SHA-256 differs.");
    store.keep(sha256, fetched).catch(() => undefined);
    return fetched;
  };
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
