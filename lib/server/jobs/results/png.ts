import "server-only";
import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** PNG's types of colour, by samples. */
const COLOUR_TYPES: Readonly<Record<1 | 3 | 4, number>> = { 1: 0, 3: 2, 4: 6 };

/** How a PNG of samples of one byte begins. Source of the format: PNG, third edition, W3C 2025. */
export function pngHead({ width, height, samples }: { width: number; height: number; samples: 1 | 3 | 4 }): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, COLOUR_TYPES[samples], 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, pngChunk("IHDR", head)]);
}

/** A chunk of a PNG with its length and checksum; IDAT holds deflated lines that each begin with the number of their filter, IEND is the end. */
export function pngChunk(type: "IHDR" | "IDAT" | "IEND", data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** A picture of red, green, blue and alpha, row by row from the top, as a whole PNG. */
export async function encodePng({ width, height, rgba }: { width: number; height: number; rgba: Uint8Array }): Promise<Buffer> {
  const lines = Buffer.alloc(height * (1 + width * 4));
  for (let y = 0; y < height; y++) lines.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (1 + width * 4) + 1);
  return Buffer.concat([pngHead({ width, height, samples: 4 }), pngChunk("IDAT", await promisify(deflate)(lines)), pngChunk("IEND", new Uint8Array())]);
}
