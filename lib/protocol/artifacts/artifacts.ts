import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { sha256Field } from "../fields.ts";

export const artifactView = z.object({ sha256: sha256Field, bytes: z.number() });

/** Names what an upload is for, so that its limit is known before the first byte. */
export const UPLOAD_PARTS = ["program", "input", "file"] as const;
export type UploadPart = (typeof UPLOAD_PARTS)[number];

export const createArtifact = endpoint({
  name: "createArtifact",
  method: "POST",
  path: "/api/v1/artifacts",
  auth: "account",
  scope: "artifacts:write",
  body: "bytes",
  input: z.strictObject({ part: z.enum(UPLOAD_PARTS), sha256: sha256Field.optional() }),
  output: artifactView,
  refusals: ["too_large", "digest_mismatch", "upload_quota", "kept_full"],
  summary: "Uploads bytes as the request's body, streamed; part and, to have it checked, sha256 stand in the query.",
});

export const getArtifact = endpoint({
  name: "getArtifact",
  method: "GET",
  path: "/api/v1/artifacts/{sha256}",
  auth: "public",
  answer: "bytes",
  input: z.strictObject({ sha256: sha256Field, expires: z.coerce.number().int().optional(), signature: z.string().max(100).optional() }),
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "signature_invalid", "key_scope"],
  summary: "The bytes; readable by who uploaded them or through the signed URL of a grant. Byte ranges are honoured.",
});

export const putOutput = endpoint({
  name: "putOutput",
  method: "PUT",
  path: "/api/v1/artifacts/{sha256}",
  auth: "public",
  body: "bytes",
  input: z.strictObject({
    sha256: sha256Field,
    jobId: z.string().max(40),
    grantId: z.string().max(40),
    expires: z.coerce.number().int(),
    signature: z.string().max(100),
  }),
  output: artifactView,
  refusals: ["signature_invalid", "digest_mismatch", "job_ended", "grant_unknown", "output_limit"],
  summary: "A device's output above 8 KiB, to the outputUrl of its grant, before the result is reported.",
});
