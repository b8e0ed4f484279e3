import { z } from "zod";
import { ERRAND_OUTCOMES } from "#lib/domain/errand/errand.ts";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import { JOB_LIMITS as L } from "#lib/domain/job/job.ts";
import { endpoint } from "../endpoint.ts";
import { idField, sha256Field } from "../fields.ts";
import { jobJson } from "../jobs/job-json.ts";
import { artifactRef, text } from "../jobs/parts-json.ts";

const shardNo = z.int().min(0).max(L.shardsMax);

/** Base64 needs a third more. */
const BODY_BYTES_MAX = TRIAL_LIMITS.shardsMax * TRIAL_LIMITS.inputBytesMax * 1.4 + 256 * 1024;

export const createTrial = endpoint({
  name: "createTrial",
  method: "POST",
  path: "/api/v1/trials",
  auth: "account",
  scope: "jobs:write",
  refusals: ["account_denied", "artifact_missing", "job_in_review", "program_denied", "program_mines", "program_refused", "trusted_device_missing"],
  bodyBytesMax: BODY_BYTES_MAX,
  input: z.strictObject({
    program: artifactRef,
    files: jobJson.shape.files,
    limits: jobJson.shape.limits,
    /** What each shard is run with, as a job would: its arguments filled in, and its part of the input. */
    shards: z
      .array(
        z.strictObject({
          no: shardNo,
          args: z.array(text(L.argBytesMax)).max(L.argsMax),
          seed: z.string().regex(/^(0|[1-9][0-9]{0,19})$/, { error: "must be a whole number as a decimal string" }),
          stdin: z.base64().max(Math.ceil((TRIAL_LIMITS.inputBytesMax / 3) * 4) + 4),
        }),
      )
      .min(1)
      .max(TRIAL_LIMITS.shardsMax),
  }),
  output: z.object({ trialId: idField("tri") }),
  summary: "Has a trusted device run a few shards of a job that is not submitted, to compare what it writes. Nothing is paid.",
});

export const getTrial = endpoint({
  name: "getTrial",
  method: "GET",
  path: "/api/v1/trials/{trialId}",
  auth: "account",
  scope: "jobs:write",
  refusals: ["not_found"],
  input: z.strictObject({ trialId: idField("tri") }),
  output: z.object({
    /** Whether a trusted device is there that would run what is left. */
    isDeviceThere: z.boolean(),
    shards: z.array(
      z.object({
        no: shardNo,
        /** Null until it was run. */
        ended: z
          .object({
            outcome: z.enum(ERRAND_OUTCOMES),
            exitCode: z.number().nullable(),
            trap: z.string().nullable(),
            stderr: z.string(),
            durationMs: z.number(),
          })
          .nullable(),
        outputSha256: sha256Field.nullable(),
        /** In base64, of outputs up to 1 MiB. */
        output: z.string().nullable(),
      }),
    ),
  }),
  summary: "What a trusted device made of each shard of your dry run, as far as it is; kept for an hour.",
});
