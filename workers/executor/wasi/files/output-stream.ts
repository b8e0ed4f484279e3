import { Fd, wasi } from "@bjorn3/browser_wasi_shim";
import { allocateBytes, OutputLimitReached } from "../run-end.ts";
import { descriptorStatus, streamStatus } from "./file-status.ts";

const FIRST_CAPACITY_BYTES = 4096;
const RIGHTS = wasi.RIGHTS_FD_WRITE | wasi.RIGHTS_FD_FILESTAT_GET | wasi.RIGHTS_POLL_FD_READWRITE;

/** Standard output or error: keeps what is written, never more than its limit. Past the limit it ends the run, or drops the rest. */
export class OutputStream extends Fd {
  readonly #inode: bigint;
  readonly #bytesMax: number;
  readonly #pastLimit: "end_run" | "drop";
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
  #size = 0;

  constructor(options: { inode: bigint; bytesMax: number; pastLimit: "end_run" | "drop" }) {
    super();
    this.#inode = options.inode;
    this.#bytesMax = options.bytesMax;
    this.#pastLimit = options.pastLimit;
  }

  /** A copy of what was kept, with a buffer of its own. */
  content(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#size);
  }

  override fd_fdstat_get() {
    return { ret: wasi.ERRNO_SUCCESS, fdstat: descriptorStatus(wasi.FILETYPE_REGULAR_FILE, wasi.FDFLAGS_APPEND, RIGHTS) };
  }

  override fd_fdstat_set_flags(): number {
    return wasi.ERRNO_SUCCESS;
  }

  override fd_filestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, filestat: streamStatus(this.#inode, this.#size) };
  }

  override fd_seek() {
    return { ret: wasi.ERRNO_SPIPE, offset: 0n };
  }

  override fd_tell() {
    return { ret: wasi.ERRNO_SPIPE, offset: 0n };
  }

  override fd_read() {
    return { ret: wasi.ERRNO_BADF, data: new Uint8Array() };
  }

  override fd_pread() {
    return { ret: wasi.ERRNO_SPIPE, data: new Uint8Array() };
  }

  override fd_pwrite() {
    return { ret: wasi.ERRNO_SPIPE, nwritten: 0 };
  }

  override fd_write(data: Uint8Array) {
    const room = this.#bytesMax - this.#size;
    if (data.length > room && this.#pastLimit === "end_run") throw new OutputLimitReached("The program wrote more than its output limit.");
    const kept = data.length > room ? data.subarray(0, room) : data;
    this.#reserve(this.#size + kept.length);
    this.#bytes.set(kept, this.#size);
    this.#size += kept.length;
    return { ret: wasi.ERRNO_SUCCESS, nwritten: data.length };
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const doubled = Math.max(size, this.#bytes.length * 2, FIRST_CAPACITY_BYTES);
    const grown = allocateBytes(Math.max(size, Math.min(doubled, this.#bytesMax)));
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
  }
}
