import { Fd, wasi } from "@bjorn3/browser_wasi_shim";
import { descriptorStatus, statusOf } from "./file-status.ts";
import type { MemoryFile } from "./volume.ts";

const READ_RIGHTS = wasi.RIGHTS_FD_READ | wasi.RIGHTS_FD_SEEK | wasi.RIGHTS_FD_TELL | wasi.RIGHTS_FD_FILESTAT_GET | wasi.RIGHTS_POLL_FD_READWRITE;
const WRITE_RIGHTS = wasi.RIGHTS_FD_WRITE | wasi.RIGHTS_FD_ALLOCATE | wasi.RIGHTS_FD_FILESTAT_SET_SIZE | wasi.RIGHTS_FD_FDSTAT_SET_FLAGS;
const EMPTY = new Uint8Array();

/** A descriptor of a file in memory: its own position, and whether it may write. */
export class OpenFile extends Fd {
  readonly #file: MemoryFile;
  readonly #mayWrite: boolean;
  #flags: number;
  #position = 0;

  constructor(file: MemoryFile, options: { mayWrite: boolean; flags: number }) {
    super();
    this.#file = file;
    this.#mayWrite = options.mayWrite;
    this.#flags = options.flags;
    file.use();
  }

  override fd_close(): number {
    this.#file.disuse();
    return wasi.ERRNO_SUCCESS;
  }

  override fd_fdstat_get() {
    const rights = this.#mayWrite ? READ_RIGHTS | WRITE_RIGHTS : READ_RIGHTS;
    return { ret: wasi.ERRNO_SUCCESS, fdstat: descriptorStatus(wasi.FILETYPE_REGULAR_FILE, this.#flags, rights) };
  }

  override fd_fdstat_set_flags(flags: number): number {
    this.#flags = flags & 0x1f;
    return wasi.ERRNO_SUCCESS;
  }

  override fd_filestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, filestat: statusOf(this.#file) };
  }

  override fd_filestat_set_size(size: bigint): number {
    if (!this.#mayWrite) return wasi.ERRNO_BADF;
    return size > Number.MAX_SAFE_INTEGER ? wasi.ERRNO_FBIG : this.#file.resize(Number(size));
  }

  override fd_allocate(offset: bigint, length: bigint): number {
    const end = offset + length;
    return end <= this.#file.size ? wasi.ERRNO_SUCCESS : this.fd_filestat_set_size(end);
  }

  override fd_read(size: number) {
    const data = this.#file.read(this.#position, size);
    this.#position += data.length;
    return { ret: wasi.ERRNO_SUCCESS, data };
  }

  override fd_pread(size: number, offset: bigint) {
    const data = offset > this.#file.size ? EMPTY : this.#file.read(Number(offset), size);
    return { ret: wasi.ERRNO_SUCCESS, data };
  }

  override fd_write(data: Uint8Array) {
    if ((this.#flags & wasi.FDFLAGS_APPEND) !== 0) this.#position = this.#file.size;
    const ret = this.#write(data, this.#position);
    const nwritten = ret === wasi.ERRNO_SUCCESS ? data.length : 0;
    this.#position += nwritten;
    return { ret, nwritten };
  }

  override fd_pwrite(data: Uint8Array, offset: bigint) {
    const ret = offset > Number.MAX_SAFE_INTEGER ? wasi.ERRNO_FBIG : this.#write(data, Number(offset));
    return { ret, nwritten: ret === wasi.ERRNO_SUCCESS ? data.length : 0 };
  }

  override fd_seek(offset: bigint, whence: number) {
    const bases = [0, this.#position, this.#file.size];
    const base = bases[whence];
    const target = base === undefined ? -1n : BigInt(base) + offset;
    if (target < 0n || target > Number.MAX_SAFE_INTEGER) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    this.#position = Number(target);
    return { ret: wasi.ERRNO_SUCCESS, offset: target };
  }

  override fd_tell() {
    return { ret: wasi.ERRNO_SUCCESS, offset: BigInt(this.#position) };
  }

  #write(data: Uint8Array, at: number): number {
    if (!this.#mayWrite) return wasi.ERRNO_BADF;
    return data.length === 0 ? wasi.ERRNO_SUCCESS : this.#file.write(data, at);
  }
}
