import "server-only";
import { pipeline, Readable } from "node:stream";
import { createDeflate } from "node:zlib";
import { TILE_SAMPLES, type Tile } from "#lib/domain/reduce/reducer.ts";
import type { Services } from "../../context.ts";
import type { Job } from "../job-store.ts";
import { listAcceptedOutputs } from "../results-store.ts";
import { readOutput } from "./fold-result.ts";
import { pngChunk, pngHead } from "./png.ts";

export type Mosaic = { columns: number; tile: Tile; finalBefore: number | null };

/**
 * The picture that the accepted tiles make, as a PNG, streamed: one row of tiles is held at a time. Where there is no tile yet, or one of another length, the
 * picture is black, with rgba8 transparent.
 */
export async function* streamMosaic(services: Services, job: Job, mosaic: Mosaic): AsyncGenerator<Uint8Array> {
  const { columns, tile } = mosaic;
  const rows = Math.ceil(job.shardCount / columns);
  yield pngHead({ width: columns * tile.width, height: rows * tile.height, samples: TILE_SAMPLES[tile.pixels] });
  // A pipeline, so that what fails on one side ends the other.
  const deflate = pipeline(Readable.from(scanLines(services, job, mosaic)), createDeflate(), () => null);
  for await (const part of deflate) yield pngChunk("IDAT", part as Buffer);
  yield pngChunk("IEND", new Uint8Array());
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
