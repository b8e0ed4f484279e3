import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseEvictions, STORED_ARTIFACTS } from "#workers/volunteer/storage/choose-evictions.ts";
import type { ArtifactStore, DataUsage, EngineStorage, KeptResult, ResultRef, ResultStore, UsageStore } from "#workers/volunteer/storage/storage-contract.ts";

/** What a headless device keeps in its folder: results until they are acknowledged, programs and shared files by digest, and the data of the day. */
export async function openFileStorage(folder: string): Promise<EngineStorage> {
  const [results, artifacts] = [join(folder, "results"), join(folder, "artifacts")];
  for (const each of [results, artifacts]) await mkdir(each, { recursive: true, mode: 0o700 });
  return {
    results: createResults(results),
    artifacts: createArtifacts(artifacts),
    usage: createUsage(join(folder, "data.json")),
    // A terminal shows no receipts; the instance's own page of the device does.
    receipts: { add: async () => undefined, change: async () => undefined },
  };
}

/** One file for each result. */
function createResults(folder: string): ResultStore {
  const fileOf = ({ grantId, no }: ResultRef) => join(folder, `${grantId}.${no}.json`);
  return {
    async list() {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
      const read = await Promise.all(names.map(async (name) => await readKept(join(folder, name))));
      return read.filter((kept) => kept !== null);
    },
    async keep(kept) {
      const upload = kept.upload && { url: kept.upload.url, bytes: Buffer.from(kept.upload.bytes).toString("base64") };
      await writeWhole(fileOf({ grantId: kept.grantId, no: kept.result.no }), JSON.stringify({ ...kept, upload }));
    },
    async drop(refs) {
      await Promise.all(refs.map(async (ref) => await rm(fileOf(ref), { force: true })));
    },
  };
}

/** A file that is not what was written there is removed: nobody else can make sense of it either. */
async function readKept(file: string): Promise<KeptResult | null> {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as Omit<KeptResult, "upload"> & { upload: { url: string; bytes: string } | null };
    const upload = kept.upload && { url: kept.upload.url, bytes: new Uint8Array(Buffer.from(kept.upload.bytes, "base64")) };
    return { ...kept, upload };
  } catch {
    await rm(file, { force: true });
    return null;
  }
}

/** One file for each artifact; its modification time is when it was used last. */
function createArtifacts(folder: string): ArtifactStore {
  return {
    async find(sha256) {
      const file = join(folder, sha256);
      try {
        const bytes = new Uint8Array(await readFile(file));
        const now = new Date();
        await utimes(file, now, now);
        return bytes;
      } catch {
        return null;
      }
    },
    async keep(sha256, bytes) {
      if (bytes.length > STORED_ARTIFACTS.bytesMax) return;
      await writeWhole(join(folder, sha256), bytes);
      const names = (await readdir(folder)).filter((name) => !name.endsWith(".part"));
      const stored = await Promise.all(
        names.map(async (name) => {
          const { size, mtimeMs } = await stat(join(folder, name));
          return { sha256: name, bytes: size, usedAtMs: mtimeMs };
        }),
      );
      for (const evicted of chooseEvictions(stored)) await rm(join(folder, evicted), { force: true });
    },
  };
}

function createUsage(file: string): UsageStore {
  return {
    async load() {
      try {
        const { day, bytes } = JSON.parse(await readFile(file, "utf8")) as Partial<DataUsage>;
        return typeof day === "string" && typeof bytes === "number" && bytes >= 0 ? { day, bytes } : null;
      } catch {
        return null;
      }
    },
    save: async (usage) => await writeWhole(file, JSON.stringify(usage)),
  };
}

/** Readable by its owner only, and whole or not there. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, content, { mode: 0o600 });
  await rename(part, file);
}
