/** Bytes of one offset in an index: unsigned, 64 bits, little-endian. */
export const OFFSET_BYTES = 8;

const TWO_32 = 2 ** 32;

/** Offsets (whole numbers from 0 to 2⁵³ − 1) as the bytes of an index. */
export function encodeOffsets(offsets: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(offsets.length * OFFSET_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, offset] of offsets.entries()) writeOffset(view, i * OFFSET_BYTES, offset);
  return bytes;
}

/** The offsets in bytes of an index. Throws if the bytes are no whole number of offsets. */
export function decodeOffsets(bytes: Uint8Array): number[] {
  if (bytes.length % OFFSET_BYTES !== 0) throw new RangeError(`an index cannot have ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / OFFSET_BYTES }, (_, i) => {
    const at = i * OFFSET_BYTES;
    return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
  });
}

/** Collects offsets as bytes, so that an index of millions of shards never stands in memory as numbers. */
export interface OffsetBuffer {
  push(offset: number): void;
  /** The bytes since the last call; the buffer is empty after it. */
  take(): Uint8Array;
}

/** A buffer that grows with what one chunk of input brings, and starts again after each `take`. */
export function createOffsetBuffer(capacity = 8192): OffsetBuffer {
  let bytes = new Uint8Array(capacity * OFFSET_BYTES);
  let view = new DataView(bytes.buffer);
  let used = 0;
  return {
    push(offset) {
      if (used === bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
        view = new DataView(bytes.buffer);
      }
      writeOffset(view, used, offset);
      used += OFFSET_BYTES;
    },
    take() {
      const taken = bytes.slice(0, used);
      used = 0;
      return taken;
    },
  };
}

function writeOffset(view: DataView, at: number, offset: number): void {
  view.setUint32(at, offset % TWO_32, true);
  view.setUint32(at + 4, Math.floor(offset / TWO_32), true);
}
