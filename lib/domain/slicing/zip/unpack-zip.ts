import { crc32 } from "./crc32.ts";
import { type ByteSource, LOCAL_BYTES, type ZipEntry } from "./list-zip.ts";

const LOCAL_MARK = 0x04034b50;
const READ_BYTES = 1024 * 1024;

/** A file of a zip is not what the directory says. */
export class ZipDamagedError extends Error {
  override name = "ZipDamagedError";
}

/**
 * The bytes of one file, unpacked as they are taken. Never gives more than the directory says: what would unpack to more is stopped there. Throws
 * `ZipDamagedError` for a file whose length or checksum is another, or whose packing is broken.
 */
export async function* unpackEntry(source: ByteSource, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const damaged = (problem: string) => new ZipDamagedError(`${JSON.stringify(entry.name)} ${problem}`);
  const local = await source.read(entry.at, Math.min(entry.at + LOCAL_BYTES, source.bytes));
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (local.length < LOCAL_BYTES || view.getUint32(0, true) !== LOCAL_MARK) throw damaged("is not where the directory says");
  const from = entry.at + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (from + entry.packedBytes > source.bytes) throw damaged("is cut off");
  const packed = readSpan(source, from, from + entry.packedBytes);
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const part of entry.method === 8 ? inflate(packed) : packed) {
      bytes += part.length;
      if (bytes > entry.bytes) throw damaged("unpacks to more than the directory says");
      checksum = crc32(part, checksum);
      yield part;
    }
  } catch (error) {
    // What DecompressionStream throws is a TypeError in every engine.
    throw error instanceof TypeError ? damaged("is damaged") : error;
  }
  if (bytes !== entry.bytes) throw damaged("unpacks to less than the directory says");
  if (checksum !== entry.crc32) throw damaged("has another checksum than the directory says");
}

async function* readSpan(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = from; at < to; at += READ_BYTES) yield new Uint8Array(await source.read(at, Math.min(at + READ_BYTES, to)));
}

/** Undoes deflate as parts are taken. Whoever stops early stops the reading too. */
async function* inflate(packed: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  const input = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await packed.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await packed.return(undefined);
    },
  });
  const reader = input.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => null);
  }
}
