import { z } from "zod";
import { ERRAND_OUTCOMES } from "#lib/domain/errand/errand.ts";
import { JOB_STATES, OUTPUT_FORMATS } from "#lib/domain/job/job.ts";
import { JOB_ROLES } from "#lib/domain/job/job-role.ts";
import { SHARD_STATES } from "#lib/domain/job/shard-map.ts";
import { REDUCED_FORMATS, REDUCER_KINDS, REDUCTION_STATES } from "#lib/domain/reduce/reducer.ts";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { SLICING_MODES } from "#lib/domain/slicing/slicing.ts";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { VERDICT_STATES } from "#lib/domain/trust/hold.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField, momentField, pageFields, sha256Field } from "../fields.ts";
import { legalVersion } from "../legal/legal.ts";
import { jobJson } from "./job-json.ts";
import { reasonView } from "./reason-view.ts";

export const jobSummary = z.object({
  id: idField("job"),
  name: z.string(),
  topic: z.string(),
  state: z.enum(JOB_STATES),
  reason: reasonView.nullable(),
  shardCount: z.number(),
  acceptedCount: z.number(),
  failedCount: z.number(),
  /** Of those with a verdict, the ones whose verdict never changes; the others are provisional: usable, and revocable until their window closes. */
  finalCount: z.number(),
  /** How often a result was taken back since the job began. */
  revokedCount: z.number(),
  /** Whose devices alone compute it; null for a public job. */
  pool: idField("pol").nullable(),
  createdAt: momentField,
  endedAt: momentField.nullable(),
});
export type JobSummary = z.output<typeof jobSummary>;

export const jobView = jobSummary.extend({
  /** What you are to the job: its owner, or somebody whom the owner lets look at it or manage it. */
  role: z.enum(JOB_ROLES),
  description: z.string(),
  program: z.object({ sha256: sha256Field, args: z.array(z.string()) }),
  slicing: z.enum(SLICING_MODES),
  format: z.enum(OUTPUT_FORMATS),
  reducer: z.enum(REDUCER_KINDS),
  /** What the result is, where a program of the owner's writes it; else as `format` and `reducer` make it. */
  reduction: z
    .object({
      /** `waits` while no trusted device is there that would go on. */
      state: z.enum([...REDUCTION_STATES, "waits"]),
      format: z.enum(REDUCED_FORMATS),
      /** Accepted shards in the result so far. */
      shards: z.number(),
      /** How the program ended when it failed, and over which shards. */
      failure: z
        .object({
          fromNo: z.number(),
          toNo: z.number(),
          outcome: z.enum(ERRAND_OUTCOMES),
          exitCode: z.number().nullable(),
          trap: z.string().nullable(),
          stderr: z.string(),
        })
        .nullable(),
    })
    .nullable(),
  limits: jobJson.shape.limits.unwrap(),
  verification: z.object({ assurance: z.enum(ASSURANCE_CLASSES), quorum: z.number(), replicasMax: z.number() }),
  /** `chainId` is the chain whose money pays it, and where devices get what they earn in it; null on an instance without contracts. */
  price: z.object({ replicaMicro: microField, feeBps: z.number(), asset: z.string(), chainId: z.number().nullable() }),
  money: z.object({ reservedMicro: microField, spentMicro: microField, returnedMicro: microField }),
  /** How many shards its milestones have released, and which one comes next; null in a job without milestones. */
  release: z.object({ shards: z.number(), next: z.object({ finalPercent: z.number(), releasePercent: z.number() }).nullable() }).nullable(),
  /** Until when its results are kept, null while it is not closed; and whether they are gone. */
  results: z.object({ endAt: momentField.nullable(), areGone: z.boolean() }),
  progress: z.object({
    replicas: z.number(),
    wrong: z.number(),
    outputBytes: z.number(),
    /** Verdicts per second over the last minute. */
    shardsPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
    devices: z.number(),
  }),
});
export type JobView = z.output<typeof jobView>;

const jobRef = z.strictObject({ jobId: idField("job") });

export const createJob = endpoint({
  name: "createJob",
  method: "POST",
  path: "/api/v1/jobs",
  auth: "account",
  scope: "jobs:write",
  isIdempotent: true,
  bodyBytesMax: 256 * 1024,
  input: jobJson.extend({
    /** The version of the terms that whoever submits was shown and agrees to. */
    terms: legalVersion.optional(),
  }),
  output: jobView,
  refusals: [
    "not_found",
    "idempotency_key_reused",
    "key_spend_limit",
    "text_changed",
    "artifact_missing",
    "jobs_open",
    "kept_full",
    "program_refused",
    "arguments_refused",
    "assurance_unavailable",
    "trusted_device_missing",
    "input_empty",
    "input_malformed",
    "zip_refused",
    "input_needed",
    "shards_too_many",
    "funds_short",
    "chain_unknown",
    "program_denied",
    "program_mines",
    "account_denied",
  ],
  summary: "Submits a job.json whose artifacts were uploaded. It is inspected, cut and funded in one step; a refusal leaves nothing behind.",
});

export const listJobs = endpoint({
  name: "listJobs",
  method: "GET",
  path: "/api/v1/jobs",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({
    ...pageFields,
    state: z.enum(JOB_STATES).optional(),
    /** Part of the name or of the topic, in any case of letters. */
    search: z.string().trim().max(120).optional(),
  }),
  output: z.object({ jobs: z.array(jobSummary), next: z.string().nullable() }),
  summary: "Your jobs, newest first.",
});

export const getJob = endpoint({
  name: "getJob",
  method: "GET",
  path: "/api/v1/jobs/{jobId}",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: jobView,
  refusals: ["not_found"],
  summary: "One job with its progress and money.",
});

export const pauseJob = endpoint({
  name: "pauseJob",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/pause",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: jobView,
  refusals: ["forbidden", "not_found", "conflict", "job_in_review", "job_ended"],
  summary: "Stops new grants; what is running may still report.",
});
export const resumeJob = endpoint({
  name: "resumeJob",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/resume",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: jobView,
  refusals: ["forbidden", "not_found", "conflict", "job_in_review", "job_ended"],
  summary: "Grants shards again.",
});
export const cancelJob = endpoint({
  name: "cancelJob",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/cancel",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: jobView,
  refusals: ["forbidden", "not_found", "job_ended"],
  summary: "Ends the job for good and returns what was not spent; verified results stay.",
});

export const discardResults = endpoint({
  name: "discardResults",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/discard",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: jobView,
  refusals: ["forbidden", "not_found", "conflict"],
  summary: "Deletes the results of a closed job before their time, for good; digests, verdicts, figures and books stay.",
});

export const rerunFailed = endpoint({
  name: "rerunFailed",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/rerun",
  auth: "account",
  scope: "jobs:write",
  isIdempotent: true,
  input: jobRef,
  output: jobView,
  refusals: [
    "forbidden",
    "not_found",
    "conflict",
    "idempotency_key_reused",
    "key_spend_limit",
    "jobs_open",
    "kept_full",
    "funds_short",
    "program_denied",
    "account_denied",
  ],
  summary: "Computes the failed shards of an ended job again, with all of their replicas; their worst cost is reserved anew.",
});

export const raiseBudget = endpoint({
  name: "raiseBudget",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/budget",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({
    jobId: idField("job"),
    /** What the job is to have reserved in all, what was spent of it included. */
    reservedMicro: microField,
  }),
  output: jobView,
  refusals: ["forbidden", "not_found", "key_spend_limit", "funds_short", "job_ended"],
  summary: "Reserves more money for a job, up to a total; one that waits for funds goes on. Asked again with the same total it changes nothing.",
});

export const shardView = z.object({
  no: z.number(),
  /** Null while a revoked shard waits for another verdict. */
  verdict: z.enum(["accepted", "failed"]).nullable(),
  /** `provisional` is usable and may still be revoked, `final` never changes, `revoked` was taken back and is computed again. */
  state: z.enum(VERDICT_STATES),
  /** How often it was revoked. */
  round: z.number(),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  outcome: z.enum(OUTCOMES).nullable(),
  digest: sha256Field.nullable(),
  outputBytes: z.number(),
  replicas: z.array(
    z.object({
      device: idField("dev"),
      outcome: z.enum(OUTCOMES),
      digest: sha256Field,
      exitCode: z.number().nullable(),
      trap: z.string().nullable(),
      stderr: z.string().nullable(),
      durationMs: z.number(),
      agreed: z.enum(["yes", "no"]).nullable(),
      /** The round of the shard that it was reported for. */
      round: z.number(),
    }),
  ),
});
export type ShardView = z.output<typeof shardView>;

export const listShards = endpoint({
  name: "listShards",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/shards",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({
    jobId: idField("job"),
    verdict: z.enum(["accepted", "failed"]).optional(),
    state: z.enum(VERDICT_STATES).optional(),
    after: z.coerce.number().int().min(-1).default(-1),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ shards: z.array(shardView), next: z.number().nullable() }),
  refusals: ["not_found"],
  summary: "Shards that have a verdict or had one, in order, with their replicas: exit codes and stderr of the failed ones.",
});

export const shardMap = z.object({
  shardCount: z.number(),
  /** How many shards a mark stands for; only the last mark may stand for fewer. */
  shardsPerMark: z.number(),
  /** Changes when verdicts changed that were there before: then the map is read again from 0. */
  version: z.string(),
  runs: z.array(
    z.object({
      state: z.enum(SHARD_STATES),
      fromNo: z.number(),
      toNo: z.number(),
      device: idField("dev").optional(),
      counts: z.partialRecord(z.enum(SHARD_STATES), z.number()).optional(),
    }),
  ),
});
export type ShardMapView = z.output<typeof shardMap>;

export const getJobMap = endpoint({
  name: "getJobMap",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/map",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ jobId: idField("job"), from: z.coerce.number().int().min(0).default(0) }),
  output: shardMap,
  refusals: ["not_found"],
  summary: "Where every shard stands, as runs of marks that look alike; at most 5,000 marks, each for several shards in a larger job.",
});

export const getResults = endpoint({
  name: "getResults",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/results",
  auth: "account",
  scope: "jobs:read",
  answer: "bytes",
  input: z.strictObject({ jobId: idField("job"), only: z.enum(["final"]).optional(), as: z.enum(["outputs"]).optional() }),
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "conflict", "result_not_ready", "result_gone", "result_not_reduced", "reducer_failed"],
  summary:
    "The result file, streamed: what the reducer makes of all accepted shards in order, at any time; with only=final of those that never change, with as=outputs the outputs themselves, joined. The header x-shoal-shards says how many of how many it holds, x-shoal-final how many of them are final.",
});

export const getPicture = endpoint({
  name: "getPicture",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/picture",
  auth: "account",
  scope: "jobs:read",
  answer: "bytes",
  input: jobRef,
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "result_gone"],
  summary: "The mosaic as far as it is verified, made small: a PNG of at most 512 pixels a side, transparent where no tile is yet. At most two seconds old.",
});
