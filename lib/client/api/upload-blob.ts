import type { Sha256 } from "#lib/domain/ids.ts";
import { createArtifact, type UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import { continueUpload, createUpload } from "#lib/protocol/artifacts/uploads.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { type ApiOptions, createApi } from "./api.ts";
import { digestBlob } from "./digest-blob.ts";
import { createProgressFetch } from "./progress-fetch.ts";
import { mayPass, sleep, waitOf } from "./retry.ts";

/** What one request carries: it bounds the memory, and what a lost connection can cost. */
const PART_BYTES = 8 * 1024 * 1024;
const GIVE_UP_MS = 5 * 60_000;

/** `reading` for the digest, `sending`, or `waiting` for a connection; `doneBytes` of the whole are read or sent. */
export type UploadStage = { stage: "reading" | "sending" | "waiting"; doneBytes: number; totalBytes: number };

export type UploadBlobOptions = {
  part: UploadPart;
  signal?: AbortSignal | undefined;
  onStage?: ((stage: UploadStage) => void) | undefined;
  partBytes?: number;
  /** Without a byte that arrives for so long, the error that stands in the way is thrown. */
  giveUpMs?: number;
};

type Call = Required<Pick<UploadBlobOptions, "part" | "partBytes" | "giveUpMs">> & {
  target: ApiOptions;
  blob: Blob;
  sha256: Sha256;
  signal: AbortSignal | undefined;
  tell: (stage: UploadStage["stage"], doneBytes: number) => void;
};

/**
 * Sends a blob and gives its SHA-256, which the instance has checked. More than one part goes in several requests and goes on after a lost connection, also one
 * that another page or process began. A blob that the account uploaded before is not sent again. Throws what the instance refuses, OfflineError after
 * `giveUpMs`, the signal's reason after an abort, and the blob's own error where it cannot be read any more.
 */
export async function uploadBlob(target: ApiOptions, blob: Blob, options: UploadBlobOptions): Promise<Sha256> {
  const { part, signal, onStage, partBytes = PART_BYTES, giveUpMs = GIVE_UP_MS } = options;
  const tell = onStage ? tellSometimes(onStage, blob.size) : () => {};
  tell("reading", 0);
  const sha256 = await digestBlob(blob, { signal, onRead: (readBytes) => tell("reading", readBytes) });
  const call: Call = { target, blob, sha256, part, partBytes, giveUpMs, signal, tell };
  if (blob.size > partBytes) await sendInParts(call);
  else await sendWhole(call);
  tell("sending", blob.size);
  return sha256;
}

const TELL_EVERY_MS = 100;

/** Bytes are counted thousands of times a second; who shows them is told of each new stage, of the end, and ten times a second between. */
function tellSometimes(onStage: (stage: UploadStage) => void, totalBytes: number): Call["tell"] {
  let last = { stage: "", atMs: 0 };
  return (stage, bytes) => {
    const doneBytes = Math.min(bytes, totalBytes);
    const atMs = Date.now();
    if (stage === last.stage && doneBytes < totalBytes && atMs - last.atMs < TELL_EVERY_MS) return;
    last = { stage, atMs };
    onStage({ stage, doneBytes, totalBytes });
  };
}

async function sendWhole(call: Call): Promise<void> {
  const { part, sha256, signal, tell } = call;
  const patience = new Patience(call);
  for (;;) {
    try {
      tell("sending", 0);
      await sendBytes(call, { from: 0, to: call.blob.size }, async (api, body) => await api.call(createArtifact, { part, sha256 }, { body, signal }));
      return;
    } catch (error) {
      await patience.waitAfter(error, 0);
    }
  }
}

async function sendInParts(call: Call): Promise<void> {
  const { target, part, sha256, blob, signal, tell } = call;
  const patience = new Patience(call);
  const announce = async () => await createApi(target).call(createUpload, { part, sha256, bytes: blob.size }, { signal });
  let upload: OutputOf<typeof createUpload> | null = null;
  let offset = 0;
  for (;;) {
    try {
      // After any error the instance says anew how much arrived.
      upload ??= await announce();
      if (upload.state === "complete") return;
      const { uploadId }: { uploadId: string } = upload;
      if (upload.offset > offset) patience.renew();
      offset = upload.offset;
      tell("sending", offset);
      const range = { from: offset, to: Math.min(offset + call.partBytes, blob.size) };
      upload = await sendBytes<OutputOf<typeof createUpload>>(
        call,
        range,
        async (api, body) => await api.call(continueUpload, { uploadId, offset: range.from }, { body, signal }),
      );
    } catch (error) {
      upload = null;
      await patience.waitAfter(error, offset);
    }
  }
}

type Send<T> = (api: ReturnType<typeof createApi>, body: BodyInit) => Promise<T>;

/** Browsers cannot stream a request's body over HTTP/1.1 and tell progress by another interface; everywhere else the bytes are counted as they are taken. */
async function sendBytes<T>({ target, blob, tell }: Call, { from, to }: { from: number; to: number }, send: Send<T>): Promise<T> {
  // In memory, part by part: a file that changed on its disk says so here, where a request could only fail.
  const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
  const sent = (count: number) => tell("sending", from + count);
  if (typeof XMLHttpRequest !== "undefined") return await send(createApi({ ...target, fetch: createProgressFetch(sent) }), bytes);
  return await send(createApi(target), countedStream(bytes, sent));
}

const CHUNK_BYTES = 256 * 1024;

function countedStream(bytes: Uint8Array<ArrayBuffer>, sent: (count: number) => void): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      sent(at);
      const next = bytes.subarray(at, at + CHUNK_BYTES);
      at += next.length;
      if (next.length === 0) controller.close();
      else controller.enqueue(next);
    },
  });
}

/** Waits after errors that may pass, with rising pauses, until nothing arrived for too long. */
class Patience {
  readonly #call: Call;
  #attempt = 0;
  #sinceMs = Date.now();

  constructor(call: Call) {
    this.#call = call;
  }

  renew(): void {
    this.#attempt = 0;
    this.#sinceMs = Date.now();
  }

  async waitAfter(error: unknown, doneBytes: number): Promise<void> {
    const { signal, tell, giveUpMs } = this.#call;
    signal?.throwIfAborted();
    if (!(mayPass(error) || isOutOfStep(error)) || Date.now() - this.#sinceMs > giveUpMs) throw error;
    this.#attempt += 1;
    tell("waiting", doneBytes);
    await sleep(waitOf(error, this.#attempt), signal);
  }
}

/** Another page sends the same bytes, finished them, or they expired: asking anew tells. */
function isOutOfStep(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "upload_offset" || (error.code === "not_found" && error.params.what === "upload"));
}
