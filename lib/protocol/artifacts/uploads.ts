import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { sha256Field } from "../fields.ts";
import { artifactView, UPLOAD_PARTS } from "./artifacts.ts";

/** Uploads in several requests: how many an account may have open, of how many bytes together, and how long one waits for its next byte. */
export const OPEN_UPLOADS = { countMax: 16, bytesMax: 8 * 1024 * 1024 * 1024, waitMs: 86_400_000 } as const;

const uploadIdField = z.string().regex(/^upl_[0-9a-f]{32}$/, { error: "must look like upl_ and 32 hexadecimal digits" });

/** An upload that waits for the byte at `offset`, or the artifact it became. */
const uploadView = z.discriminatedUnion("state", [
  z.object({ state: z.literal("open"), uploadId: z.string(), offset: z.number(), bytes: z.number(), expiresAt: z.string() }),
  z.object({ state: z.literal("complete"), artifact: artifactView }),
]);

export const createUpload = endpoint({
  name: "createUpload",
  method: "POST",
  path: "/api/v1/uploads",
  auth: "account",
  scope: "artifacts:write",
  input: z.strictObject({ part: z.enum(UPLOAD_PARTS), sha256: sha256Field, bytes: z.number().int().min(1) }),
  output: uploadView,
  refusals: ["uploads_open", "kept_full"],
  summary: "Opens an upload in several requests, or finds the one of the same bytes that was interrupted, with the offset where it goes on.",
});

export const continueUpload = endpoint({
  name: "continueUpload",
  method: "PUT",
  path: "/api/v1/uploads/{uploadId}",
  auth: "account",
  scope: "artifacts:write",
  body: "bytes",
  input: z.strictObject({ uploadId: uploadIdField, offset: z.coerce.number().int().min(0) }),
  output: uploadView,
  refusals: ["not_found", "digest_mismatch", "upload_offset", "upload_quota"],
  summary: "Adds the body at offset. What arrived before a connection broke is kept; the last byte makes the artifact, once its digest is right.",
});

export const deleteUpload = endpoint({
  name: "deleteUpload",
  method: "DELETE",
  path: "/api/v1/uploads/{uploadId}",
  auth: "account",
  scope: "artifacts:write",
  input: z.strictObject({ uploadId: uploadIdField }),
  output: z.object({ deleted: z.literal(true) }),
  refusals: ["not_found"],
  summary: "Gives an unfinished upload up and removes its bytes.",
});
