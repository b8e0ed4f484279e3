import { wasi } from "@bjorn3/browser_wasi_shim";
import { type Entry, MemoryDirectory } from "./volume.ts";

const STATUS_BYTES = 64;

/** A file's status in the layout of the specification; every time in it is zero. The shim's own writes some fields at wrong offsets. */
class FileStatus extends wasi.Filestat {
  override write_bytes(view: DataView, pointer: number): void {
    for (let offset = 0; offset < STATUS_BYTES; offset += 8) view.setBigUint64(pointer + offset, 0n, true);
    view.setBigUint64(pointer + 8, this.ino, true);
    view.setUint8(pointer + 16, this.filetype);
    view.setBigUint64(pointer + 24, 1n, true);
    view.setBigUint64(pointer + 32, this.size, true);
  }
}

export function statusOf(entry: Entry): wasi.Filestat {
  if (entry instanceof MemoryDirectory) return new FileStatus(entry.inode, wasi.FILETYPE_DIRECTORY, 0n);
  return new FileStatus(entry.inode, wasi.FILETYPE_REGULAR_FILE, BigInt(entry.size));
}

/** The status of a stream: a regular file, because libc writes line by line to anything else. */
export function streamStatus(inode: bigint, size: number): wasi.Filestat {
  return new FileStatus(inode, wasi.FILETYPE_REGULAR_FILE, BigInt(size));
}

/** Every right there is. What a directory passes on must hold them all: libc asks for nothing else, and a refused write must be told at the opening. */
export const ALL_RIGHTS = wasi.RIGHTS_SOCK_SHUTDOWN * 2 - 1;

/** A descriptor's own status with its rights. */
export function descriptorStatus(filetype: number, flags: number, rights: number): wasi.Fdstat {
  const status = new wasi.Fdstat(filetype, flags);
  status.fs_rights_base = BigInt(rights);
  status.fs_rights_inherited = filetype === wasi.FILETYPE_DIRECTORY ? BigInt(ALL_RIGHTS) : 0n;
  return status;
}
