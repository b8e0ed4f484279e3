import "server-only";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PartialStore } from "../blob-store.ts";
import { readObject } from "./read-object.ts";
import { answered } from "./s3-faults.ts";

const OBJECT_BYTES = 8 * 1024 * 1024;
const OFFSET_DIGITS = 16;

type Place = { client: S3Client; bucket: string; prefix: string };
type Piece = { key: string; from: number; bytes: number };

/**
 * Uploads on their way as objects of up to 8 MiB, named by the offset where each begins: an object cannot be added to. Where two writers left pieces that
 * overlap, each byte is taken from the first that has it.
 */
export function openS3PartialStore(place: Place): PartialStore {
  const prefixOf = (name: string) => {
    if (!/^[0-9a-f]{32}$/.test(name)) throw new TypeError("not a name of an upload");
    return `${place.prefix}${name}/`;
  };
  return {
    write: (name, source, where) => writePieces(place, prefixOf(name), { source, ...where }),
    size: async (name) => (await listPieces(place, prefixOf(name))).reduce((end, { from, bytes }) => (from <= end ? Math.max(end, from + bytes) : end), 0),
    read: (name, bytes) => readPieces(place, prefixOf(name), bytes),
    async remove(name) {
      for (const { key } of await listPieces(place, prefixOf(name)))
        await answered(place.client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: key })));
    },
  };
}

/** In the order of their offsets, which their names keep. */
async function listPieces({ client, bucket }: Place, prefix: string): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (let token: string | undefined, isMore = true; isMore; ) {
    const page = await answered(client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) })));
    for (const { Key: key = "", Size: bytes = 0 } of page.Contents ?? []) pieces.push({ key, from: Number.parseInt(key.slice(prefix.length), 16), bytes });
    token = page.NextContinuationToken;
    isMore = token !== undefined;
  }
  return pieces;
}

type Part = { source: AsyncIterable<Uint8Array>; offset: number; bytesMax: number };

async function writePieces({ client, bucket }: Place, prefix: string, { source, offset, bytesMax }: Part): ReturnType<PartialStore["write"]> {
  const chunks = source[Symbol.asyncIterator]();
  let [kept, held]: [number, Uint8Array[]] = [0, []];
  const keep = async () => {
    const body = Buffer.concat(held);
    held = [];
    if (body.length === 0) return;
    const key = `${prefix}${(offset + kept).toString(16).padStart(OFFSET_DIGITS, "0")}`;
    await answered(client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })));
    kept += body.length;
  };
  try {
    for (let bytes = 0; ; ) {
      const next = await chunks.next().catch((cause: unknown) => ({ cause }));
      if ("cause" in next || next.done) {
        await keep();
        return "cause" in next ? { bytes: kept, end: "interrupted", cause: next.cause } : { bytes: kept, end: "whole" };
      }
      bytes += next.value.byteLength;
      if (bytes > bytesMax) return { bytes: kept, end: "too_long" };
      held.push(next.value);
      if (bytes - kept >= OBJECT_BYTES) await keep();
    }
  } finally {
    await chunks.return?.(undefined);
  }
}

async function* readPieces(place: Place, prefix: string, bytes: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const piece of await listPieces(place, prefix)) {
    const end = Math.min(piece.from + piece.bytes, bytes);
    if (piece.from > at || end <= at) continue;
    yield* readObject({ ...place, key: piece.key }, piece.key, { start: at - piece.from, end: end - piece.from });
    at = end;
  }
}
