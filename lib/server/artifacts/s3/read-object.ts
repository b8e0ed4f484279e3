import "server-only";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Sha256 } from "#lib/domain/ids.ts";
import { BlobMissingError } from "../blob-missing-error.ts";
import { isBehindEnd, isMissing, toUnavailable } from "./s3-faults.ts";

type ObjectPlace = { client: S3Client; bucket: string; key: string };

/** So many connections may break in one reading before it fails. */
const BREAKS_MAX = 3;

/**
 * The bytes of an object from `start` up to and not including `end`. The object never changes, so a connection that breaks goes on where it broke. Throws
 * `BlobMissingError` where there is none.
 */
export async function* readObject(place: ObjectPlace, sha256: Sha256, range?: { start: number; end: number }): AsyncGenerator<Uint8Array> {
  let at = range?.start ?? 0;
  const end = range?.end ?? Number.POSITIVE_INFINITY;
  for (let breaks = 0; at < end; breaks++) {
    const opened = await openObject(place, sha256, { at, end });
    if (!opened) return;
    try {
      for await (const part of cut(opened, at, end)) {
        at += part.byteLength;
        yield part;
      }
      return;
    } catch (error) {
      if (breaks === BREAKS_MAX) throw toUnavailable(error);
    }
  }
}

/** What of the body lies in the range: a server may answer with more than was asked for. */
async function* cut({ body, from }: Opened, start: number, end: number): AsyncGenerator<Uint8Array> {
  let position = from;
  for await (const part of body) {
    const wanted = part.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += part.byteLength;
    if (wanted.byteLength > 0) yield wanted;
    if (position >= end) return;
  }
}

type Opened = { body: AsyncIterable<Uint8Array> /** Where in the object the body begins. */; from: number };

/** Null where the range begins behind the object's end. */
async function openObject({ client, bucket, key }: ObjectPlace, sha256: Sha256, { at, end }: { at: number; end: number }): Promise<Opened | null> {
  const last = end === Number.POSITIVE_INFINITY ? "" : String(end - 1);
  const range = at === 0 && last === "" ? {} : { Range: `bytes=${at}-${last}` };
  try {
    const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    return { body: Body as AsyncIterable<Uint8Array>, from: Number(/^bytes (\d+)-/.exec(ContentRange ?? "")?.[1] ?? 0) };
  } catch (error) {
    if (isMissing(error)) throw new BlobMissingError(`the bytes of ${sha256} are not in the store`, { cause: error });
    if (isBehindEnd(error)) return null;
    throw toUnavailable(error);
  }
}
