import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createDeviceKey, type DeviceKey, describeDeviceKey, exportDeviceKey, importDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { type DevicePhrase, deriveDeviceKey, readDevicePhrase } from "#workers/volunteer/exchange/device-phrase.ts";
import type { SeqMemory } from "#workers/volunteer/exchange/exchange-loop.ts";
import { UsageError } from "../terminal.ts";

/** A device of this machine: its key, the number of its last exchange, and the right to be the only process that uses them. */
export type Profile = { folder: string; key: DeviceKey; seqMemory: SeqMemory; trustMark: TrustMark; close(): Promise<void> };
/** Whether an instance said that it trusts this device: then programs have to run in processes of their own. */
type TrustMark = { isSet(): Promise<boolean>; set(): Promise<void> };

/** Where a device of that name is kept. */
export function profileFolder(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) throw new UsageError(`--name may use letters, digits, dot, dash and underscore, not “${name}”.`);
  return join(homedir(), ".shoal", "devices", name);
}

/**
 * Opens a device's folder, made with the key of the phrase, or else a new one, when there is none; fails in words when another process computes with it, when the
 * key cannot be read, and when it is not that of the phrase.
 */
export async function openProfile(folder: string, phrase: DevicePhrase | null = null): Promise<Profile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, "lock");
  await takeLock(lock);
  try {
    const key = await loadKey(join(folder, "device.json"), phrase);
    return {
      folder,
      key,
      seqMemory: seqFile(join(folder, "seq")),
      trustMark: markFile(join(folder, "trusted")),
      close: async () => await rm(lock, { force: true }),
    };
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

async function loadKey(file: string, phrase: DevicePhrase | null): Promise<DeviceKey> {
  const derived = phrase && (await deriveDeviceKey(phrase, { extractable: true }));
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text !== null) {
    await chmod(file, 0o600);
    const kept = await readKey(file, text);
    if (derived && !(await isSame(kept, derived))) throw new UsageError(`${file} holds another device than the phrase. Give --name NAME to keep both.`);
    return kept;
  }
  const key = derived ?? (await createDeviceKey({ extractable: true }));
  await writeSafely(file, `${JSON.stringify({ version: 1, key: await exportDeviceKey(key) })}\n`);
  return key;
}

async function readKey(file: string, text: string): Promise<DeviceKey> {
  try {
    return await importDeviceKey((JSON.parse(text) as { key: JsonWebKey }).key, { extractable: true });
  } catch {
    throw new UsageError(`${file} does not hold a device's key. Move it away to begin as a new device.`);
  }
}

async function isSame(one: DeviceKey, other: DeviceKey): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(describeDeviceKey));
  return a?.thumbprint === b?.thumbprint;
}

/** The phrase in a file; fails in words where it is none. */
export async function readPhraseFile(file: string): Promise<DevicePhrase> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`--phrase-file ${file} cannot be read.`);
  });
  const read = readDevicePhrase(text);
  if ("phrase" in read) return read.phrase;
  // The words themselves stay out of terminals and logs.
  const problems = {
    count: "has not twelve words",
    words: "has words that are not of the list",
    checksum: "has a word that was mistaken for another, or another order",
  };
  throw new UsageError(`--phrase-file ${file} ${problems[read.problem]}.`);
}

function seqFile(file: string): SeqMemory {
  return {
    async last() {
      const text = await readFile(file, "utf8").catch(() => "0");
      return /^\d{1,15}\s*$/.test(text) ? Number(text) : 0;
    },
    save: async (seq) => await writeSafely(file, `${seq}\n`),
  };
}

function markFile(file: string): TrustMark {
  return {
    async isSet() {
      return (await readFile(file, "utf8").catch(() => "")) !== "";
    },
    set: async () => await writeSafely(file, "trusted\n"),
  };
}

/** Readable by its owner only, and whole or not there: a crash never leaves half a file. */
async function writeSafely(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, text, { mode: 0o600 });
  await rename(part, file);
}

async function takeLock(lock: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(lock, "utf8").catch(() => "0"));
    if (holder !== process.pid && isAlive(holder))
      throw new UsageError(`Process ${holder} computes with this device already. Give --name NAME to be another one.`);
    await rm(lock, { force: true });
  }
  throw new UsageError(`Another process takes ${lock} at the same time. Try again.`);
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There, but somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
