import { WASIProcExit, wasi } from "@bjorn3/browser_wasi_shim";
import type { WasiImport } from "#lib/domain/program/wasi-imports.ts";
import { isStackExhausted } from "../trap-kind.ts";
import { bytesOf, type GuestMemory } from "./guest-memory.ts";
import { HostOutOfMemory, OutputLimitReached } from "./run-end.ts";

/** A host function as the program calls it; the numbers are unsigned. */
export type HostCall = (...parameters: never[]) => number | undefined;

const PATH_BYTES_MAX = 4096;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;

type Range =
  /** Parameter `pointer` names a place of so many bytes. */
  | { pointer: number; bytes: number }
  /** Parameter `pointer` names as many elements as parameter `count` says. */
  | { pointer: number; count: number; elementBytes: number }
  /** The same for a path in UTF-8. */
  | { path: number; length: number };

const out = (pointer: number, bytes: number): Range => ({ pointer, bytes });
const buffer = (pointer: number, count: number, elementBytes = 1): Range => ({ pointer, count, elementBytes });
const path = (pointer: number): Range => ({ path: pointer, length: pointer + 1 });

/** The ranges of memory that each call touches, by the positions of its parameters; vectors and strings are checked where they are read. */
const RANGES: Partial<Record<WasiImport, readonly Range[]>> = {
  args_sizes_get: [out(0, 4), out(1, 4)],
  clock_res_get: [out(1, 8)],
  clock_time_get: [out(2, 8)],
  environ_sizes_get: [out(0, 4), out(1, 4)],
  fd_fdstat_get: [out(1, 24)],
  fd_filestat_get: [out(1, 64)],
  fd_pread: [out(4, 4)],
  fd_prestat_dir_name: [buffer(1, 2)],
  fd_prestat_get: [out(1, 8)],
  fd_pwrite: [out(4, 4)],
  fd_read: [out(3, 4)],
  fd_readdir: [buffer(1, 2), out(4, 4)],
  fd_seek: [out(3, 8)],
  fd_tell: [out(1, 8)],
  fd_write: [out(3, 4)],
  path_create_directory: [path(1)],
  path_filestat_get: [path(2), out(4, 64)],
  path_filestat_set_times: [path(2)],
  path_link: [path(2), path(5)],
  path_open: [path(2), out(8, 4)],
  path_readlink: [path(1), buffer(3, 4), out(5, 4)],
  path_remove_directory: [path(1)],
  path_rename: [path(1), path(4)],
  path_symlink: [path(0), path(3)],
  path_unlink_file: [path(1)],
  poll_oneoff: [buffer(0, 2, SUBSCRIPTION_BYTES), buffer(1, 2, EVENT_BYTES), out(3, 4)],
  random_get: [buffer(0, 1)],
};

const pathDecoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A host call that no pointer can harm: its ranges are checked before anything happens, numbers arrive unsigned (the offset of fd_seek
 * keeps its sign), and what still falls outside the memory is EFAULT. Only the ends of a run pass through as exceptions.
 */
export function guardCall(name: WasiImport, call: HostCall, guest: GuestMemory): HostCall {
  const ranges = RANGES[name] ?? [];
  const isSigned = name === "fd_seek";
  const plain = call as (...parameters: (number | bigint)[]) => number | undefined;
  return (...raw: (number | bigint)[]) => {
    const parameters = raw.map((value) => {
      if (typeof value === "number") return value >>> 0;
      return isSigned ? value : BigInt.asUintN(64, value);
    });
    try {
      return findFault(ranges, parameters, guest) ?? plain(...parameters);
    } catch (error) {
      if (isEndOfRun(error) || isStackExhausted(error)) throw error;
      if (error instanceof RangeError) return wasi.ERRNO_FAULT;
      throw error;
    }
  };
}

function isEndOfRun(error: unknown): boolean {
  return error instanceof WASIProcExit || error instanceof OutputLimitReached || error instanceof HostOutOfMemory;
}

function findFault(ranges: readonly Range[], parameters: readonly (number | bigint)[], guest: GuestMemory): number | null {
  if (ranges.length === 0) return null;
  const bytes = bytesOf(guest);
  for (const range of ranges) {
    const error = "path" in range ? findPathFault(range, parameters, bytes) : findRangeFault(range, parameters, bytes);
    if (error !== null) return error;
  }
  return null;
}

function findRangeFault(range: Exclude<Range, { path: number }>, parameters: readonly (number | bigint)[], bytes: Uint8Array): number | null {
  const length = "bytes" in range ? range.bytes : Number(parameters[range.count]) * range.elementBytes;
  return Number(parameters[range.pointer]) + length > bytes.length ? wasi.ERRNO_FAULT : null;
}

function findPathFault(range: { path: number; length: number }, parameters: readonly (number | bigint)[], bytes: Uint8Array): number | null {
  const start = Number(parameters[range.path]);
  const length = Number(parameters[range.length]);
  if (start + length > bytes.length) return wasi.ERRNO_FAULT;
  if (length > PATH_BYTES_MAX) return wasi.ERRNO_NAMETOOLONG;
  try {
    pathDecoder.decode(bytes.subarray(start, start + length));
    return null;
  } catch {
    return wasi.ERRNO_ILSEQ;
  }
}
