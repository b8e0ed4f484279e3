import { type Fd, wasi } from "@bjorn3/browser_wasi_shim";
import { linkEntry, renameEntry } from "./files/move-entry.ts";
import { OpenDirectory } from "./files/open-directory.ts";
import { bytesOf, type GuestMemory, readVectors, viewOf } from "./guest-memory.ts";

/** Open descriptors by number; a closed one is a hole. */
export type Descriptors = (Fd | undefined)[];

const DESCRIPTORS_MAX = 1024;
const DIRENT_HEAD_BYTES = 24;

/** The calls on descriptors and directories that move bytes or make descriptors; bounded where the shim's are not. */
export function createDescriptorCalls(descriptors: Descriptors, guest: GuestMemory) {
  const write = (pointer: number, value: number): number => {
    viewOf(guest).setUint32(pointer, value, true);
    return wasi.ERRNO_SUCCESS;
  };

  /** Runs one transfer per buffer until one comes out short. */
  const transfer = (request: Transfer): number => {
    const buffers = readVectors(guest, request.vectors, request.count);
    if (typeof buffers === "number") return buffers;
    let moved = 0;
    for (const buffer of buffers) {
      const { ret, length } = request.move(buffer, moved);
      if (ret !== wasi.ERRNO_SUCCESS && moved === 0) return ret;
      moved += ret === wasi.ERRNO_SUCCESS ? length : 0;
      if (ret !== wasi.ERRNO_SUCCESS || length < buffer.length) break;
    }
    return write(request.out, moved);
  };

  return {
    fd_read(fd: number, vectors: number, count: number, out: number): number {
      const opened = descriptors[fd];
      if (opened === undefined) return wasi.ERRNO_BADF;
      return transfer({ vectors, count, out, move: (buffer) => copyRead(opened.fd_read(buffer.length), buffer) });
    },

    fd_pread(fd: number, vectors: number, count: number, offset: bigint, out: number): number {
      const opened = descriptors[fd];
      if (opened === undefined) return wasi.ERRNO_BADF;
      return transfer({ vectors, count, out, move: (buffer, moved) => copyRead(opened.fd_pread(buffer.length, offset + BigInt(moved)), buffer) });
    },

    fd_write(fd: number, vectors: number, count: number, out: number): number {
      const opened = descriptors[fd];
      if (opened === undefined) return wasi.ERRNO_BADF;
      return transfer({ vectors, count, out, move: (buffer) => written(opened.fd_write(buffer)) });
    },

    fd_pwrite(fd: number, vectors: number, count: number, offset: bigint, out: number): number {
      const opened = descriptors[fd];
      if (opened === undefined) return wasi.ERRNO_BADF;
      return transfer({ vectors, count, out, move: (buffer, moved) => written(opened.fd_pwrite(buffer, offset + BigInt(moved))) });
    },

    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, out: number): number {
      const opened = descriptors[fd];
      if (opened === undefined) return wasi.ERRNO_BADF;
      if (!(opened instanceof OpenDirectory)) return wasi.ERRNO_NOTDIR;
      return write(out, fillListing(opened, cookie, bytesOf(guest).subarray(pointer, pointer + length)));
    },

    fd_renumber(from: number, to: number): number {
      const moved = descriptors[from];
      const replaced = descriptors[to];
      if (moved === undefined || replaced === undefined) return wasi.ERRNO_BADF;
      if (from === to) return wasi.ERRNO_SUCCESS;
      replaced.fd_close();
      descriptors[to] = moved;
      descriptors[from] = undefined;
      return wasi.ERRNO_SUCCESS;
    },

    path_open(fd: number, lookup: number, ...rest: [number, number, number, bigint, bigint, number, number]): number {
      const [pointer, length, oflags, rights, inheriting, flags, out] = rest;
      const from = descriptors[fd];
      if (from === undefined) return wasi.ERRNO_BADF;
      const free = freeSlot(descriptors);
      if (free === null) return wasi.ERRNO_MFILE;
      const { ret, fd_obj } = from.path_open(lookup, readPath(guest, pointer, length), oflags, rights, inheriting, flags);
      if (fd_obj === null) return ret;
      descriptors[free] = fd_obj;
      return write(out, free);
    },

    path_rename(fromFd: number, from: number, fromLength: number, toFd: number, to: number, toLength: number): number {
      const [source, target] = [descriptors[fromFd], descriptors[toFd]];
      if (!(source instanceof OpenDirectory && target instanceof OpenDirectory)) return wasi.ERRNO_BADF;
      return renameEntry(
        { directory: source.directory, path: readPath(guest, from, fromLength) },
        { directory: target.directory, path: readPath(guest, to, toLength) },
      );
    },

    path_link(fromFd: number, _lookup: number, from: number, fromLength: number, toFd: number, ...rest: [number, number]): number {
      const [source, target] = [descriptors[fromFd], descriptors[toFd]];
      if (!(source instanceof OpenDirectory && target instanceof OpenDirectory)) return wasi.ERRNO_BADF;
      return linkEntry(
        { directory: source.directory, path: readPath(guest, from, fromLength) },
        { directory: target.directory, path: readPath(guest, rest[0], rest[1]) },
      );
    },
  };
}

interface Transfer {
  vectors: number;
  count: number;
  out: number;
  move: (buffer: Uint8Array, moved: number) => { ret: number; length: number };
}

function copyRead(read: { ret: number; data: Uint8Array }, target: Uint8Array): { ret: number; length: number } {
  target.set(read.data);
  return { ret: read.ret, length: read.data.length };
}

function written({ ret, nwritten }: { ret: number; nwritten: number }): { ret: number; length: number } {
  return { ret, length: nwritten };
}

function readPath(guest: GuestMemory, pointer: number, length: number): string {
  return new TextDecoder().decode(bytesOf(guest).slice(pointer, pointer + length));
}

function freeSlot(descriptors: Descriptors): number | null {
  const hole = descriptors.indexOf(undefined);
  if (hole !== -1) return hole;
  return descriptors.length < DESCRIPTORS_MAX ? descriptors.length : null;
}

/** Fills the buffer with entries from a cookie on, the last one cut off where it does not fit, as the specification has it. Returns the bytes used. */
function fillListing(opened: OpenDirectory, cookie: bigint, target: Uint8Array): number {
  let used = 0;
  for (let next = cookie; used < target.length; next += 1n) {
    const { dirent } = opened.fd_readdir_single(next);
    if (dirent === null) break;
    const record = new Uint8Array(DIRENT_HEAD_BYTES + dirent.name_length());
    dirent.write_head_bytes(new DataView(record.buffer), 0);
    dirent.write_name_bytes(record, DIRENT_HEAD_BYTES, dirent.name_length());
    const fitting = record.subarray(0, target.length - used);
    target.set(fitting, used);
    used += fitting.length;
  }
  return used;
}
