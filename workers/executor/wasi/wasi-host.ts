import { WASI } from "@bjorn3/browser_wasi_shim";
import { WASI_IMPORTS, WASI_MODULE, type WasiImport } from "#lib/domain/program/wasi-imports.ts";
import { createDescriptorCalls, type Descriptors } from "./descriptor-calls.ts";
import { OpenDirectory } from "./files/open-directory.ts";
import { OpenFile } from "./files/open-file.ts";
import { OutputStream } from "./files/output-stream.ts";
import { MemoryDirectory, MemoryFile, Volume } from "./files/volume.ts";
import { guardCall, type HostCall } from "./guard.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { createProcessCalls } from "./process-calls.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** What one run of a program is given; see `RunRequest`. */
export interface HostOptions {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  stdin: Uint8Array;
  files: readonly { name: string; bytes: Uint8Array }[];
  seed: bigint;
  outputBytesMax: number;
  stderrBytesMax: number;
  tmpBytesMax: number;
}

/** A host for exactly one run. */
export interface WasiHost {
  imports: WebAssembly.Imports;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Runs the instance's `_start`; returns the exit code. Traps and the ends of a run pass through as exceptions. */
  start(instance: WebAssembly.Instance): number;
}

/**
 * WASI preview 1 in which nothing differs between two runs of a shard: a virtual clock, seeded random bytes, sorted environment and
 * listings, no network. `/data` is read-only, `/tmp` is in memory and bounded. The shim brings the descriptor protocol and the plain calls;
 * whatever touches memory, time, randomness or sizes is our own.
 */
export function createWasiHost(options: HostOptions): WasiHost {
  const guest: GuestMemory = { memory: null };
  const { descriptors, stdout, stderr } = openDescriptors(options);
  // The shim types its list without holes, though it closes a descriptor by leaving one.
  const shim = new WASI([], [], descriptors as ConstructorParameters<typeof WASI>[2], { debug: false });
  const calls: Record<string, HostCall | undefined> = {
    ...shim.wasiImport,
    ...createDescriptorCalls(descriptors, guest),
    ...createProcessCalls(
      {
        args: encodeStrings(options.args),
        env: encodeStrings(sortedEnvironment(options.env)),
        clock: createVirtualClock(),
        fillRandom: createSeededRandom(options.seed),
        descriptors,
      },
      guest,
    ),
  };
  const names = Object.keys(WASI_IMPORTS) as WasiImport[];
  const guarded = names.map((name) => [name, guardCall(name, implementationOf(calls, name), guest)] as const);
  return {
    imports: { [WASI_MODULE]: Object.fromEntries(guarded) },
    stdout,
    stderr,
    start(instance) {
      guest.memory = instance.exports.memory instanceof WebAssembly.Memory ? instance.exports.memory : null;
      return shim.start(instance as Parameters<typeof shim.start>[0]);
    },
  };
}

function implementationOf(calls: Record<string, HostCall | undefined>, name: WasiImport): HostCall {
  const call = calls[name];
  if (call === undefined) throw new Error(`The host lacks ${name}, which the inspection lets programs import.`);
  return call;
}

function openDescriptors(options: HostOptions) {
  let inodes = 0n;
  const nextInode = (): bigint => {
    inodes += 1n;
    return inodes;
  };
  const shared = new Volume({ isReadOnly: true, bytesMax: Number.POSITIVE_INFINITY, nextInode });
  const scratch = new Volume({ isReadOnly: false, bytesMax: options.tmpBytesMax, nextInode });
  const stdin = new MemoryFile(shared, options.stdin);
  const stdout = new OutputStream({ inode: nextInode(), bytesMax: options.outputBytesMax, pastLimit: "end_run" });
  const stderr = new OutputStream({ inode: nextInode(), bytesMax: options.stderrBytesMax, pastLimit: "drop" });
  const data = new MemoryDirectory(shared);
  for (const { name, bytes } of sortedByName(options.files)) data.add(name, new MemoryFile(shared, bytes));
  const descriptors: Descriptors = [
    new OpenFile(stdin, { mayWrite: false, flags: 0 }),
    stdout,
    stderr,
    new OpenDirectory(data, "/data"),
    new OpenDirectory(new MemoryDirectory(scratch), "/tmp"),
  ];
  return { descriptors, stdout, stderr };
}

function sortedByName<T extends { name: string }>(named: readonly T[]): T[] {
  return named.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function sortedEnvironment(env: Readonly<Record<string, string>>): string[] {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return sortedByName(variables).map(({ name, value }) => `${name}=${value}`);
}

function encodeStrings(strings: readonly string[]): Uint8Array[] {
  const encoder = new TextEncoder();
  return strings.map((string) => encoder.encode(string));
}
