import { wasi } from "@bjorn3/browser_wasi_shim";

const IOVEC_BYTES = 8;
/** As IOV_MAX of Linux: a call with more buffers is an error of the program. */
const IOVECS_MAX = 1024;

/** The memory of the running program. Its buffer is replaced whenever it grows, so views are made for every call. */
export interface GuestMemory {
  memory: WebAssembly.Memory | null;
}

/** The program's bytes; empty until its instance exists, so that every range in it is a fault. */
export function bytesOf(guest: GuestMemory): Uint8Array<ArrayBuffer> {
  return guest.memory === null ? new Uint8Array() : new Uint8Array(guest.memory.buffer as ArrayBuffer);
}

export function viewOf(guest: GuestMemory): DataView {
  return guest.memory === null ? new DataView(new ArrayBuffer(0)) : new DataView(guest.memory.buffer);
}

/** The buffers that an array of vectors in the program's memory names, or an errno where one of them lies outside. */
export function readVectors(guest: GuestMemory, pointer: number, count: number): Uint8Array[] | number {
  const bytes = bytesOf(guest);
  if (count > IOVECS_MAX) return wasi.ERRNO_INVAL;
  if (pointer + count * IOVEC_BYTES > bytes.length) return wasi.ERRNO_FAULT;
  const view = viewOf(guest);
  const buffers: Uint8Array[] = [];
  for (let at = pointer; at < pointer + count * IOVEC_BYTES; at += IOVEC_BYTES) {
    const start = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (start + length > bytes.length) return wasi.ERRNO_FAULT;
    buffers.push(bytes.subarray(start, start + length));
  }
  return buffers;
}
