import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { base64Field, idField, sha256Field } from "../fields.ts";

/** What a shard came to: an accepted one has its output here, or, where it is large, at `getOutput`; a failed one says why. */
export const shardOutput = z.object({
  no: z.number(),
  verdict: z.enum(["accepted", "failed"]),
  /** Whether the verdict never changes; one that is not final is usable and may still be revoked. */
  final: z.boolean(),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  outputBytes: z.number(),
  sha256: sha256Field.nullable(),
  /** The bytes in base64; null where the shard failed or its output is fetched by itself. */
  output: base64Field.nullable(),
});
export type ShardOutput = z.output<typeof shardOutput>;

export const listOutputs = endpoint({
  name: "listOutputs",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/outputs",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({
    jobId: idField("job"),
    after: z.coerce.number().int().min(-1).default(-1),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  output: z.object({ outputs: z.array(shardOutput), next: z.number().nullable() }),
  refusals: ["not_found"],
  summary: "What each shard with a verdict came to, in order, with outputs up to 8 KiB in place.",
});

export const getOutput = endpoint({
  name: "getOutput",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/outputs/{no}",
  auth: "account",
  scope: "jobs:read",
  answer: "bytes",
  input: z.strictObject({ jobId: idField("job"), no: z.coerce.number().int().min(0) }),
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "conflict", "result_not_ready", "result_gone"],
  summary: "The output of one accepted shard as its program wrote it.",
});
