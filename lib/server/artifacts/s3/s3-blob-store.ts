import "server-only";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { S3Config } from "../../config/s3-config.ts";
import type { BlobStore } from "../blob-store.ts";
import { type Measure, measured, RefusedBytes } from "./measure-bytes.ts";
import { readObject } from "./read-object.ts";
import { answered, isMissing, toUnavailable } from "./s3-faults.ts";
import { openS3PartialStore } from "./s3-partial-store.ts";

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;
/** Uploads that a dead process left behind are removed at the next start once they are this old; younger ones may belong to another process. */
const UNNAMED_AGE_MS_MAX = 3_600_000;
/** How long a URL that the store itself answers is good for. */
const DIRECT_URL_S = 300;

type Store = { client: S3Client; bucket: string; prefix: string };

/**
 * A blob store in a bucket of S3 or of a server that speaks its protocol: `<prefix>ab/cdef…` for the digest `abcdef…`, as in a folder. Bytes are hashed on
 * their way and become visible only when all of them were right: an object of S3 appears whole or not at all. Larger ones go up in parts. A store that does
 * not answer, or is full, is `unavailable`. The bucket must exist.
 */
export async function openS3BlobStore(config: S3Config): Promise<BlobStore> {
  const { region, endpoint, pathStyle, credentials, bucket, prefix } = config;
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    // Compatible servers know nothing of the checksums that newer clients add unasked; the digest is checked by us.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const store = { client, bucket, prefix };
  if (config.directOrigin !== null) await checkOrigin(store, config.directOrigin);
  await removeUnnamed(store);
  const keyOf = (sha256: Sha256) => blobKey(store, sha256);
  const read: BlobStore["read"] = (sha256, range) => readObject({ client, bucket, key: keyOf(sha256) }, sha256, range);
  const readBytes: BlobStore["readBytes"] = async (sha256, range) => {
    const parts: Uint8Array[] = [];
    for await (const part of read(sha256, range)) parts.push(part);
    return Buffer.concat(parts);
  };
  return {
    put: (source, options) => putBlob(store, source, options),
    size: (sha256) => objectSize(store, keyOf(sha256)),
    read,
    readBytes,
    readParts: (sha256, ranges) => Promise.all(ranges.map((range) => readBytes(sha256, range))),
    async remove(sha256) {
      await answered(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(sha256) })));
    },
    partials: openS3PartialStore({ client, bucket, prefix: `${prefix}partial/` }),
    ...(config.directOrigin === null ? {} : { directUrl: (sha256: Sha256) => signUrl(store, sha256) }),
  };
}

function blobKey({ prefix }: Store, sha256: Sha256): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("not a SHA-256");
  return `${prefix}${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}

const unnamedPrefix = ({ prefix }: Store) => `${prefix}uploads/`;

async function removeUnnamed(store: Store): Promise<void> {
  const { client, bucket } = store;
  const oldest = Date.now() - UNNAMED_AGE_MS_MAX;
  const { Contents = [] } = await answered(client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: unnamedPrefix(store) })));
  for (const { Key, LastModified } of Contents)
    if (Key && LastModified && LastModified.getTime() < oldest) await answered(client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));
}

async function putBlob(store: Store, source: AsyncIterable<Uint8Array>, options: { bytesMax: number; expected?: Sha256 }): ReturnType<BlobStore["put"]> {
  const measure: Measure = { bytes: 0, sha256: null, fault: null };
  const bytes = measured(source, options, measure);
  try {
    if (options.expected !== undefined) await upload(store, blobKey(store, options.expected), bytes);
    else await putUnnamed(store, bytes, measure);
  } catch (error) {
    // What ended the source says more than what the store made of it.
    const fault = measure.fault ?? error;
    if (fault instanceof RefusedBytes) return fault.refusal;
    throw toUnavailable(fault);
  } finally {
    // Where the store gave up, whoever sends is told to stop.
    bytes.return(undefined).catch(() => undefined);
  }
  return { ok: true, sha256: digestOf(measure), bytes: measure.bytes };
}

/** Bytes whose digest is known only at their end: few are held until then, many lie under another name meanwhile. */
async function putUnnamed(store: Store, bytes: AsyncGenerator<Uint8Array>, measure: Measure): Promise<void> {
  const head: Uint8Array[] = [];
  while (measure.bytes <= PART_BYTES) {
    const next = await bytes.next();
    if (next.done) {
      const object = { Bucket: store.bucket, Key: blobKey(store, digestOf(measure)), Body: Buffer.concat(head) };
      await store.client.send(new PutObjectCommand(object));
      return;
    }
    head.push(next.value);
  }
  const unnamed = `${unnamedPrefix(store)}${randomUUID()}`;
  try {
    await upload(store, unnamed, rejoin(head, bytes));
    const source = `${store.bucket}/${unnamed}`.split("/").map(encodeURIComponent).join("/");
    await store.client.send(new CopyObjectCommand({ Bucket: store.bucket, Key: blobKey(store, digestOf(measure)), CopySource: source }));
  } finally {
    await store.client.send(new DeleteObjectCommand({ Bucket: store.bucket, Key: unnamed })).catch(() => undefined);
  }
}

function digestOf({ sha256 }: Measure): Sha256 {
  if (sha256 === null) throw new Error("the digest is known only when all bytes have gone through");
  return sha256;
}

async function* rejoin(head: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  yield* rest;
}

/** Streams an object up; of one that breaks off no part stays. */
async function upload({ client, bucket }: Store, key: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const params = { Bucket: bucket, Key: key, Body: Readable.from(bytes, { objectMode: false }), ContentType: "application/octet-stream" };
  await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE, leavePartsOnError: false }).done();
}

async function objectSize({ client, bucket }: Store, key: string): Promise<number | null> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength ?? 0;
  } catch (error) {
    if (isMissing(error)) return null;
    throw toUnavailable(error);
  }
}

/** Browsers are let through to one origin only; URLs for another would fail there. */
async function checkOrigin(store: Store, expected: string): Promise<void> {
  const { origin } = new URL(await signUrl(store, "0".repeat(64)));
  if (origin !== expected)
    throw new Error(`S3_DIRECT_ORIGIN is ${expected}, but URLs of the bucket begin with ${origin}. Set it to that, or change S3_ENDPOINT or S3_PATH_STYLE.`);
}

/** The store's own answer carries the headers that untrusted bytes have here. */
async function signUrl(store: Store, sha256: Sha256): Promise<string> {
  const object = {
    Bucket: store.bucket,
    Key: blobKey(store, sha256),
    ResponseContentType: "application/octet-stream",
    ResponseContentDisposition: `attachment; filename="${sha256}"`,
    ResponseCacheControl: "private, max-age=31536000, immutable",
  };
  return await getSignedUrl(store.client, new GetObjectCommand(object), { expiresIn: DIRECT_URL_S });
}
