import { z } from "zod";
import { ERRAND_LIMITS, ERRAND_OUTCOMES } from "#lib/domain/errand/errand.ts";
import { STDERR_BYTES_MAX } from "#lib/domain/job/job.ts";
import { endpoint } from "../endpoint.ts";
import { idField, sha256Field } from "../fields.ts";

/** Base64 needs a third more, and a report carries at most one output of the largest size. */
const BODY_BYTES_MAX = 12 * 1024 * 1024;

const errandReport = z.strictObject({
  errandId: idField("ern"),
  outcome: z.enum(ERRAND_OUTCOMES),
  exitCode: z.int().optional(),
  trap: z.string().max(40).optional(),
  stderr: z.string().max(STDERR_BYTES_MAX).optional(),
  durationMs: z.number().min(0).max(86_400_000),
  /** What it wrote to stdout, with the outcome ok. */
  output: z.base64().optional(),
});
export type ErrandReport = z.output<typeof errandReport>;

/** Bytes that the program reads, given here or to be fetched. */
const piece = z.union([z.object({ base64: z.string() }), z.object({ url: z.string(), sha256: sha256Field, start: z.number(), end: z.number() })]);

const errandView = z.object({
  errandId: idField("ern"),
  program: z.object({ sha256: sha256Field, url: z.string() }),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  seed: z.string(),
  stdin: z.array(piece),
  /** Read-only under /data. */
  files: z.array(z.object({ name: z.string(), pieces: z.array(piece) })),
  limits: z.object({ timeMsMax: z.number(), memoryBytesMax: z.number(), outputBytesMax: z.number() }),
});
export type ErrandView = z.output<typeof errandView>;

export const exchangeErrands = endpoint({
  name: "exchangeErrands",
  method: "POST",
  path: "/api/v1/errands",
  auth: "device",
  bodyBytesMax: BODY_BYTES_MAX,
  input: z.strictObject({
    reports: z.array(errandReport).max(ERRAND_LIMITS.takenMax).default([]),
    want: z.int().min(0).max(ERRAND_LIMITS.takenMax),
  }),
  output: z.object({
    errands: z.array(errandView),
    /** When to come again if there is nothing to run or report before. */
    retryAfterMs: z.number(),
  }),
  refusals: ["forbidden"],
  summary: "A trusted device reports what it ran beside replicas (verifiers, reducers, dry runs) and takes more of it. Repeating a report changes nothing.",
});
