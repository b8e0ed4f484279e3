import type { ShardPreview } from "./preview-slicing.ts";
import type { ByteSource } from "./zip/list-zip.ts";
import { unpackEntry } from "./zip/unpack-zip.ts";

/** The length of what a shard reads on stdin; 0 for shards that are computed. */
export function shardInputBytes(shard: ShardPreview): number {
  if (shard.kind === "values") return 0;
  return shard.kind === "bytes" ? shard.headerBytes + shard.to - shard.from : shard.entry.bytes;
}

/** The first `bytesMax` bytes of what a shard will read on stdin. Throws `ZipDamagedError` where a file of a zip is not what the directory says. */
export async function readShardInput(input: ByteSource, shard: ShardPreview, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(bytesMax, shardInputBytes(shard)));
  let at = 0;
  for await (const part of partsOf(input, shard, bytes.length)) {
    bytes.set(part.subarray(0, bytes.length - at), at);
    at += part.length;
    if (at >= bytes.length) break;
  }
  return bytes;
}

async function* partsOf(input: ByteSource, shard: ShardPreview, bytesMax: number): AsyncGenerator<Uint8Array> {
  if (shard.kind === "file") return yield* unpackEntry(input, shard.entry);
  if (shard.kind === "values" || bytesMax === 0) return;
  const { from, to, headerBytes } = shard;
  if (headerBytes > 0) yield await input.read(0, Math.min(headerBytes, bytesMax));
  if (bytesMax > headerBytes) yield await input.read(from, Math.min(to, from + bytesMax - headerBytes));
}
