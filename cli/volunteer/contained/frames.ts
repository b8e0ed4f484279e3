/** One message on a pipe: a document and byte strings beside it, which are never copied into text. */
export type Frame = { head: unknown; parts: Uint8Array<ArrayBuffer>[] };

/** What a reader takes at most; beyond it the other side is not believed. */
export type FrameLimits = { headBytesMax: number; partBytesMax: number };

const LENGTH_BYTES = 8;
const PARTS_MAX = 64;

/** A frame as bytes: lengths of head and parts, 32 bits little-endian each, the head as JSON, the lengths of the parts, the parts. */
export function encodeFrame({ head, parts }: Frame): Uint8Array<ArrayBuffer>[] {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const lengths = new DataView(new ArrayBuffer(LENGTH_BYTES + parts.length * 4));
  lengths.setUint32(0, text.length, true);
  lengths.setUint32(4, parts.length, true);
  for (const [i, part] of parts.entries()) lengths.setUint32(LENGTH_BYTES + i * 4, part.length, true);
  return [new Uint8Array(lengths.buffer), text, ...parts];
}

/** Puts frames together from what arrives. A sender that does not keep to the form, or to the limits, is the error `FrameError`. */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>, limits: FrameLimits): AsyncGenerator<Frame> {
  const source = new ByteSource(chunks);
  for (;;) {
    const lengths = await source.take(LENGTH_BYTES);
    if (!lengths) return;
    const [headBytes, partCount] = [readLength(lengths, 0), readLength(lengths, 4)];
    if (headBytes > limits.headBytesMax || partCount > PARTS_MAX) throw new FrameError();
    const partLengths = await source.need(partCount * 4);
    const sizes = Array.from({ length: partCount }, (_, i) => readLength(partLengths, i * 4));
    if (sizes.reduce((sum, size) => sum + size, 0) > limits.partBytesMax) throw new FrameError();
    const head = parseHead(await source.need(headBytes));
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (const size of sizes) parts.push(await source.need(size));
    yield { head, parts };
  }
}

/** What came is no frame, or larger than its reader takes. */
class FrameError extends Error {
  constructor() {
    super("What came through the pipe is no message.");
  }
}

function readLength(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

function parseHead(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new FrameError();
  }
}

/** Takes exact numbers of bytes from chunks of any length. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes, or null when nothing more came; an end in the middle of them is no frame. */
  async take(bytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
    while (this.#heldBytes < bytes) {
      const next = await this.#chunks.next();
      if (next.done) {
        if (this.#heldBytes === 0) return null;
        throw new FrameError();
      }
      this.#held.push(next.value);
      this.#heldBytes += next.value.length;
    }
    const taken = new Uint8Array(bytes);
    for (let filled = 0; filled < bytes; ) {
      const chunk = this.#held[0] as Uint8Array;
      const part = chunk.subarray(0, bytes - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#held.shift();
      else this.#held[0] = chunk.subarray(part.length);
    }
    this.#heldBytes -= bytes;
    return taken;
  }

  async need(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = await this.take(bytes);
    if (!taken) throw new FrameError();
    return taken;
  }
}
