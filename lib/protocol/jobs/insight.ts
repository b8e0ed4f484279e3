import { z } from "zod";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";
import { jobJson } from "./job-json.ts";

const jobRef = z.strictObject({ jobId: idField("job") });

export const jobHistory = z.object({
  /** Every how manieth shard was looked at; the counts are scaled up by it. 1: all of them. */
  every: z.number(),
  /** From the job's beginning to its end, or to now, in equal parts. */
  spans: z.array(
    z.object({
      from: momentField,
      to: momentField,
      /** Shards that got a verdict per minute. */
      shardsPerMinute: z.number(),
      /** How long the agreeing replicas of these shards ran, in milliseconds: the middle one and the one in twenty that took longer. Null where there was none. */
      medianMs: z.number().nullable(),
      slowMs: z.number().nullable(),
    }),
  ),
});
export type JobHistory = z.output<typeof jobHistory>;

export const getJobHistory = endpoint({
  name: "getJobHistory",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/history",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: jobHistory,
  refusals: ["not_found"],
  summary: "How fast a job got its verdicts, and how long its replicas ran, over its life.",
});

export const failureGroups = z.object({
  groups: z.array(
    z.object({
      reason: z.object({ code: z.string(), message: z.string() }).nullable(),
      outcome: z.enum(OUTCOMES).nullable(),
      exitCode: z.number().nullable(),
      trap: z.string().nullable(),
      count: z.number(),
      /** The first shards of the group by number, at most eight. */
      shards: z.array(z.number()),
      /** What the first of them wrote to stderr, where a replica agreed with the verdict. */
      stderr: z.string().nullable(),
    }),
  ),
  /** How many failed shards were looked at: the first 10,000 by number. */
  looked: z.number(),
});
export type FailureGroups = z.output<typeof failureGroups>;

export const listFailures = endpoint({
  name: "listFailures",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/failures",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: failureGroups,
  refusals: ["not_found"],
  summary: "The failed shards of a job, those that failed alike together: same reason, same exit code, same trap. The largest group first, at most 20.",
});

export const getSubmission = endpoint({
  name: "getSubmission",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/submission",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: jobJson,
  refusals: ["not_found"],
  summary: "The job.json of a job as it was taken, with everything filled in: submitted again it is the same job.",
});
