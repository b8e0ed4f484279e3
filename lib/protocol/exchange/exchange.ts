import { z } from "zod";
import { SERVED_BOUNDS } from "#lib/domain/dispatch/serves.ts";
import { SPREAD_MAX } from "#lib/domain/dispatch/size-grant.ts";
import { INLINE_OUTPUT_BYTES_MAX, JOB_LIMITS, OUTPUT_FORMATS, RUNTIMES, STDERR_BYTES_MAX } from "#lib/domain/job/job.ts";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { endpoint } from "../endpoint.ts";
import { base64Field, idField, sha256Field } from "../fields.ts";
import { kernelJson } from "../jobs/job-json.ts";
import { slicingJson } from "../jobs/slicing-json.ts";

/** Bounds of one exchange, enforced by the schema. */
export const EXCHANGE_LIMITS = { jobsMax: 4, reportsMax: 32, resultsMax: 1024, grantsMax: 64, shardsWantedMax: 1024, bodyBytesMax: 24 * 1024 * 1024 } as const;

const grantRef = { jobId: idField("job"), grantId: idField("grt") };
const no = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

const resultReport = z.strictObject({
  no,
  outcome: z.enum(OUTCOMES),
  /** SHA-256 of the output; only with outcome ok. */
  digest: sha256Field.optional(),
  /** The output when it is at most 8 KiB; a larger one is PUT as an artifact before. */
  output: base64Field.max(Math.ceil(INLINE_OUTPUT_BYTES_MAX / 3) * 4).optional(),
  outputBytes: z.int().min(0).optional(),
  exitCode: z.int().optional(),
  trap: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
  stderr: z.string().max(STDERR_BYTES_MAX).optional(),
  durationMs: z.number().min(0).max(86_400_000),
  /** With a kernel, the class of GPU that ran it: vendor and architecture. */
  adapter: z
    .string()
    .regex(/^[\x20-\x7e]{1,80}$/)
    .optional(),
});
export type ResultReport = z.output<typeof resultReport>;

/** What a device needs to run any shard of a job; sent once per job and device. */
export const jobManifest = z.object({
  jobId: idField("job"),
  name: z.string(),
  description: z.string(),
  topic: z.string(),
  runtime: z.enum(RUNTIMES),
  program: z.object({ sha256: sha256Field, url: z.string() }),
  args: z.array(z.string()),
  /** How the program is run, with runtime wgsl. */
  kernel: kernelJson.optional(),
  files: z.array(z.object({ name: z.string(), sha256: sha256Field, url: z.string() })),
  slicing: slicingJson,
  format: z.enum(OUTPUT_FORMATS),
  limits: z.object({ timeMsMax: z.number(), memoryBytesMax: z.number(), outputBytesMax: z.number() }),
  seed: z.string(),
});
export type JobManifest = z.output<typeof jobManifest>;

/** A contiguous range of shards to run: `fromNo` included, `toNo` not. */
export const grantView = z.object({
  ...grantRef,
  fromNo: z.number(),
  toNo: z.number(),
  deadlineMs: z.number(),
  /** The part of the input that holds these shards; absent where the slicing has no input. */
  input: z
    .object({
      url: z.string(),
      /** Where the shards lie: `toNo − fromNo + 1` offsets. */
      offsets: z.array(z.number()),
      /** With csv, how many bytes at the beginning of the input are the header, which every shard reads first. */
      headerBytes: z.number().optional(),
      /** With files, the name of each shard's file. */
      names: z.array(z.string()).optional(),
    })
    .optional(),
  /** Where outputs above 8 KiB go, with `{sha256}` to be filled in. */
  outputUrl: z.string(),
});
export type GrantView = z.output<typeof grantView>;

export const WAIT_REASONS = [
  "no_jobs",
  "second_device",
  "all_granted",
  "enough_held",
  "needs_webgpu",
  "results_wrong",
  "not_chosen",
  "checks_only",
  "instance_stopped",
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

export const ACK_STATES = ["taken", "late", "unknown"] as const;
export type AckState = (typeof ACK_STATES)[number];

const ack = z.object({ ...grantRef, state: z.enum(ACK_STATES), refused: z.array(z.object({ no: z.number(), problem: z.string() })).optional() });

export const exchange = endpoint({
  name: "exchange",
  method: "POST",
  path: "/api/v1/exchange",
  auth: "device",
  bodyBytesMax: EXCHANGE_LIMITS.bodyBytesMax,
  input: z
    .strictObject({
      version: z.int(),
      /** Rises with every new exchange of the device; a repeat of the last one gets the same grants. */
      seq: z.int().min(1),
      reports: z
        .array(z.strictObject({ ...grantRef, results: z.array(resultReport).min(1).max(EXCHANGE_LIMITS.resultsMax) }))
        .max(EXCHANGE_LIMITS.reportsMax)
        .default([]),
      /** Grants still being computed; naming them renews their deadlines. */
      running: z
        .array(z.strictObject({ ...grantRef }))
        .max(EXCHANGE_LIMITS.grantsMax)
        .default([]),
      /** Grants handed back; what of them was not reported goes to others at once. */
      abandoned: z
        .array(z.strictObject({ ...grantRef }))
        .max(EXCHANGE_LIMITS.grantsMax)
        .default([]),
      /** How many further shards this device wants, and for how many milliseconds of its time in all. */
      want: z.strictObject({ shardsMax: z.int().min(0).max(EXCHANGE_LIMITS.shardsWantedMax), timeMs: z.int().min(0).max(600_000) }),
      cores: z.int().min(1).max(1024),
      /** Whether this device can run kernels now. */
      webgpu: z.boolean().optional(),
      /** The only jobs and topics this device computes for; absent where it computes for all. */
      serves: z
        .strictObject({
          jobs: z.array(idField("job")).max(SERVED_BOUNDS.jobsMax),
          topics: z.array(z.string().min(1).max(JOB_LIMITS.topicCharsMax)).max(SERVED_BOUNDS.topicsMax),
        })
        .optional(),
      /** Milliseconds one shard took on one core, per job, without the first run of a program, and how much their logarithms vary. */
      measured: z
        .array(
          z.strictObject({
            jobId: idField("job"),
            msPerShard: z.number().min(0).max(86_400_000),
            count: z.int().min(1),
            spread: z.number().min(0).max(SPREAD_MAX).optional(),
          }),
        )
        .max(16)
        .default([]),
      /** Jobs whose manifest this device holds. */
      knownJobs: z.array(idField("job")).max(64).default([]),
    })
    .refine((input) => new Set([...input.reports, ...input.running, ...input.abandoned].map((r) => r.jobId)).size <= EXCHANGE_LIMITS.jobsMax, {
      error: `may name at most ${EXCHANGE_LIMITS.jobsMax} jobs in all`,
      path: ["reports"],
    })
    .refine((input) => input.reports.reduce((sum, r) => sum + r.results.length, 0) <= EXCHANGE_LIMITS.resultsMax, {
      error: `may carry at most ${EXCHANGE_LIMITS.resultsMax} results in all`,
      path: ["reports"],
    }),
  output: z.object({
    acks: z.array(ack),
    grants: z.array(grantView),
    manifests: z.array(jobManifest),
    /** Grants to drop at once: their job ended or they are lost. */
    stop: z.array(z.object(grantRef)),
    settings: z.object({ reportEveryMs: z.number() }),
    /** When to come again if there is nothing to run or report before. */
    retryAfterMs: z.number(),
    /** Why there is nothing (more) to run, when there is not. */
    reason: z.enum(WAIT_REASONS).nullable(),
    /** Jobs with shards left that this device cannot run: they need WebGPU. */
    jobsNeedingWebgpu: z.number().optional(),
    /** Jobs with shards left that are not among those the device serves. */
    jobsNotChosen: z.number().optional(),
  }),
  refusals: ["version_unsupported"],
  summary: "The only hot call: reports results, renews and hands back grants, fetches new ones. Repeating a request changes nothing.",
});
export type ExchangeInput = z.output<typeof exchange.input>;
export type ExchangeOutput = z.output<typeof exchange.output>;
