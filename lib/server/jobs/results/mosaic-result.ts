import "server-only";
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflate } from "node:zlib";
import { TILE_SAMPLES, type Tile } from "#lib/domain/reduce/reducer.ts";
import type { Services } from "../../context.ts";
import type { Job } from "../job-store.ts";
import { listAcceptedOutputs } from "../results-store.ts";
import { readOutput } from "./fold-result.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** PNG's types of colour, by samples. */
const COLOUR_TYPES: Readonly<Record<1 | 3 | 4, number>> = { 1: 0, 3: 2, 4: 6 };

export type Mosaic = { columns: number; tile: Tile; finalBefore: number | null };

/**
 * The picture that the accepted tiles make, as a PNG, streamed: one row of tiles is held at a time. Where there is no tile yet, or one of another length, the
 * picture is black, with rgba8 transparent. Source of the format: PNG, third edition, W3C 2025.
 */
export async function* streamMosaic(services: Services, job: Job, mosaic: Mosaic): AsyncGenerator<Uint8Array> {
  const { columns, tile } = mosaic;
  const samples = TILE_SAMPLES[tile.pixels];
  const rows = Math.ceil(job.shardCount / columns);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(columns * tile.width, 0);
  head.writeUInt32BE(rows * tile.height, 4);
  head.set([8, COLOUR_TYPES[samples], 0, 0, 0], 8);
  yield SIGNATURE;
  yield chunk("IHDR", head);
  // A pipeline, so that what fails on one side ends the other.
  const deflate = pipeline(Readable.from(scanLines(services, job, mosaic)), createDeflate(), () => null);
  for await (const part of deflate) yield chunk("IDAT", part as Buffer);
  yield chunk("IEND", Buffer.alloc(0));
}

async function* scanLines(services: Services, job: Job, mosaic: Mosaic): AsyncGenerator<Buffer> {
  const { columns, tile } = mosaic;
  const tileRow = tile.width * TILE_SAMPLES[tile.pixels];
  const lineBytes = 1 + columns * tileRow;
  for (let fromNo = 0; fromNo < job.shardCount; fromNo += columns) {
    // Each line begins with its filter: 0, none.
    const lines = Buffer.alloc(lineBytes * tile.height);
    const outputs = await listAcceptedOutputs(services.db, job.id, { after: fromNo - 1, limit: columns, finalBefore: mosaic.finalBefore });
    for (const output of outputs.filter(({ no }) => no < fromNo + columns)) {
      const pixels = await readOutput(services, output);
      if (pixels.length !== tileRow * tile.height) continue;
      const left = 1 + (output.no - fromNo) * tileRow;
      for (let y = 0; y < tile.height; y++) lines.set(pixels.subarray(y * tileRow, (y + 1) * tileRow), y * lineBytes + left);
    }
    yield lines;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
