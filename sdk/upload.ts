import { type Api, createApi } from "#lib/client/api/api.ts";
import { createProgressFetch } from "#lib/client/api/progress-fetch.ts";
import type { Sha256 } from "#lib/domain/ids.ts";
import { createArtifact, type UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import type { Connection } from "./connection.ts";
import { blobOf, digestOf, digestOfStored, type Source } from "./source.ts";

/** How far one upload is. */
export type UploadProgress = { part: UploadPart /** The field of the job that names these bytes. */; field: string; sentBytes: number; totalBytes: number };
export type OnUpload = (progress: UploadProgress) => void;
export type UploadOptions = { part: UploadPart; field?: string; onUpload?: OnUpload | undefined; signal?: AbortSignal | undefined };

/**
 * Sends a source to the instance, streamed, and gives its SHA-256, which the instance has checked. A source that names stored bytes is not sent.
 * `onUpload` is told at the beginning, on the way, and at the end.
 */
export async function upload(connection: Connection, source: Source, { part, field = part, onUpload, signal }: UploadOptions): Promise<Sha256> {
  const stored = digestOfStored(source);
  if (stored !== null) return stored;
  const blob = blobOf(source as Exclude<Source, { sha256: Sha256 }>);
  const tell = (sentBytes: number) => onUpload?.({ part, field, sentBytes, totalBytes: blob.size });
  const sha256 = await digestOf(blob, signal);
  tell(0);
  const { api, body } = onUpload ? watched(connection, { blob, tell }) : { api: connection.api, body: blob };
  await api.call(createArtifact, { part, sha256 }, { body, signal });
  tell(blob.size);
  return sha256;
}

/** Browsers cannot stream a request's body over HTTP/1.1 and tell progress by another interface; everywhere else the bytes are counted as they are taken. */
function watched(connection: Connection, { blob, tell }: { blob: Blob; tell: (sentBytes: number) => void }): { api: Api; body: BodyInit } {
  const { url, token } = connection;
  if (typeof XMLHttpRequest !== "undefined") return { api: createApi({ baseUrl: url, token, fetch: createProgressFetch(tell) }), body: blob };
  let sentBytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sentBytes += chunk.length;
      tell(sentBytes);
      controller.enqueue(chunk);
    },
  });
  return { api: connection.api, body: blob.stream().pipeThrough(counter) };
}
