import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

/** Writes its input again, letters of it as capitals. */
const SHOUT = new URL("../lib/testing/programs/shout.wasm", import.meta.url);
const SHARDS = 2;
/** Four numbers for each shard, none of whose bytes is a letter. */
const NUMBERS = Float64Array.of(1.5, 2.25, -3.125, 100.5, 0.75, -1.5, 7.25, 12.5);
const SHARD_BYTES = NUMBERS.byteLength / SHARDS;

/** What each shard of the job writes. */
export const HEIGHTS: readonly Buffer[] = Array.from({ length: SHARDS }, (_, no) =>
  Buffer.from(NUMBERS.buffer.slice(no * SHARD_BYTES, (no + 1) * SHARD_BYTES)),
);

/** Fills the form of a new job in with one that writes its input again: numbers, in two shards. */
export async function fillInHeights(page: Page): Promise<void> {
  const job = {
    version: 1,
    name: "Heights of the tide",
    program: { runtime: "wasi", artifact: { path: "heights.wasm" } },
    slicing: { mode: "bytes", bytesPerShard: SHARD_BYTES },
    input: { path: "heights.bin" },
    output: { format: "bytes" },
  };
  await page.getByTestId("files").setInputFiles([
    { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(job)) },
    { name: "heights.wasm", mimeType: "", buffer: await readFile(SHOUT) },
    { name: "heights.bin", mimeType: "", buffer: Buffer.from(NUMBERS.buffer) },
  ]);
}
