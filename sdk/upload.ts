import { type UploadStage, uploadBlob } from "#lib/client/api/upload-blob.ts";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import type { Connection } from "./connection.ts";
import { blobOf, digestOfStored, type Source } from "./source.ts";

/** How far one upload is: first its bytes are read for their digest, then sent; a lost connection is waited for. */
export type UploadProgress = {
  part: UploadPart;
  /** The field of the job that names these bytes. */ field: string;
  stage: UploadStage["stage"];
  sentBytes: number;
  totalBytes: number;
};
export type OnUpload = (progress: UploadProgress) => void;
export type UploadOptions = { part: UploadPart; field?: string; onUpload?: OnUpload | undefined; signal?: AbortSignal | undefined };

/**
 * Sends a source to the instance, streamed, and gives its SHA-256, which the instance has checked. A source that names stored bytes is not sent, nor are
 * bytes that the account uploaded before; an interrupted upload goes on where it was, also in another process.
 */
export async function upload(connection: Connection, source: Source, { part, field = part, onUpload, signal }: UploadOptions): Promise<Sha256> {
  const stored = digestOfStored(source);
  if (stored !== null) return stored;
  const blob = blobOf(source as Exclude<Source, { sha256: Sha256 }>);
  const tell = ({ stage, doneBytes, totalBytes }: UploadStage) =>
    onUpload?.({ part, field, stage, sentBytes: stage === "reading" ? 0 : doneBytes, totalBytes });
  return await uploadBlob(connection.options, blob, { part, signal, onStage: onUpload ? tell : undefined });
}
