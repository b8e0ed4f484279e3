import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createArtifactSource } from "./artifact-source.ts";
import type { ArtifactStore } from "./storage-contract.ts";

const bytes = new TextEncoder().encode("a program");
const sha256 = createHash("sha256").update(bytes).digest("hex");

function storeOf(kept: Map<string, Uint8Array<ArrayBuffer>>): ArtifactStore {
  return { find: async (name) => kept.get(name) ?? null, keep: async (name, content) => void kept.set(name, content) };
}

test("what is kept is not fetched again", async () => {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let fetches = 0;
  const get = createArtifactSource(async () => {
    fetches++;
    return bytes;
  }, storeOf(kept));
  expect(await get({ sha256, url: "/x" })).toEqual(bytes);
  expect(await get({ sha256, url: "/x" })).toEqual(bytes);
  expect(fetches).toBe(1);
});

test("kept bytes that somebody changed are fetched anew and replaced", async () => {
  const kept = new Map([[sha256, new TextEncoder().encode("another program")]]);
  const get = createArtifactSource(async () => bytes, storeOf(kept));
  expect(await get({ sha256, url: "/x" })).toEqual(bytes);
  expect(kept.get(sha256)).toEqual(bytes);
});

test("bytes of another digest are neither given out nor kept", async () => {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const get = createArtifactSource(async () => new TextEncoder().encode("evil"), storeOf(kept));
  await expect(get({ sha256, url: "/x" })).rejects.toThrow("SHA-256 differs");
  expect(kept.size).toBe(0);
});

test("a store that fails is as good as an empty one", async () => {
  const fail = async (): Promise<never> => await Promise.reject(new Error("no storage"));
  expect(await createArtifactSource(async () => bytes, { find: fail, keep: fail })({ sha256, url: "/x" })).toEqual(bytes);
});
