import { z } from "zod";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import { PROGRAM_REVIEWS, RULE_KINDS, RULE_VERDICTS } from "#lib/domain/policy/decide-admission.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField, sha256Field } from "../fields.ts";
import { jobJson } from "../jobs/job-json.ts";

/** What an operator writes for those who meet the decision. */
export const operatorReason = z
  .string()
  .trim()
  .min(3, { error: "must say why, in at least 3 characters" })
  .max(400)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, { error: "must be one line of text" });
const subject = z.union([sha256Field, z.string().regex(/^0x[0-9a-fA-F]{40}$/), idField("acc")], {
  error: "must be a program's SHA-256 as 64 lower-case hexadecimal digits, or an account's address or id",
});
const operator = { auth: "account", scope: "instance:manage" } as const;

export const getInstance = endpoint({
  name: "getInstance",
  method: "GET",
  path: "/api/v1/instance",
  ...operator,
  input: z.strictObject({}),
  output: z.object({
    programReview: z.enum(PROGRAM_REVIEWS),
    /** The emergency stop that is in force. */
    stop: z.object({ reason: z.string(), stoppedAt: momentField }).nullable(),
    jobsByState: z.array(z.object({ state: z.string(), count: z.number() })),
    devicesAtWork: z.number(),
    openGrants: z.number(),
    wanted: z.number(),
    wantedOldestS: z.number(),
    untallied: z.number(),
  }),
  refusals: ["forbidden"],
  summary: "An operator's view of the instance: queues, devices at work, jobs by state, what is reviewed, and the emergency stop.",
});

export const stopInstance = endpoint({
  name: "stopInstance",
  method: "PUT",
  path: "/api/v1/instance/stop",
  ...operator,
  input: z.strictObject({ reason: operatorReason }),
  output: z.object({ stopped: z.literal(true) }),
  refusals: ["forbidden"],
  summary: "An operator stops everything: nothing is granted, and every device hands back what it runs at its next exchange. Jobs, money and results stay.",
});
export const resumeInstance = endpoint({
  name: "resumeInstance",
  method: "DELETE",
  path: "/api/v1/instance/stop",
  ...operator,
  input: z.strictObject({}),
  output: z.object({ stopped: z.literal(false) }),
  refusals: ["forbidden"],
  summary: "An operator ends the emergency stop: what was running goes on.",
});

export const takeDownJob = endpoint({
  name: "takeDownJob",
  method: "POST",
  path: "/api/v1/instance/takedowns",
  ...operator,
  input: z.strictObject({ jobId: idField("job"), reason: operatorReason }),
  output: z.object({ takenDown: z.literal(true) }),
  refusals: ["forbidden", "not_found", "conflict"],
  summary: "An operator ends a job for good: its grants stop, what was not spent returns, and its owner reads the reason.",
});

export const listReviews = endpoint({
  name: "listReviews",
  method: "GET",
  path: "/api/v1/instance/reviews",
  ...operator,
  input: z.strictObject({}),
  output: z.object({
    reviews: z.array(
      z.object({
        jobId: idField("job"),
        name: z.string(),
        description: z.string(),
        topic: z.string(),
        owner: z.string(),
        program: sha256Field,
        runtime: z.string(),
        programBytes: z.number(),
        shardCount: z.number(),
        requestedAt: momentField,
      }),
    ),
  }),
  refusals: ["forbidden"],
  summary: "The jobs that wait for an operator, the oldest 200 first.",
});
export const inspectReview = endpoint({
  name: "inspectReview",
  method: "GET",
  path: "/api/v1/instance/reviews/{jobId}",
  ...operator,
  input: z.strictObject({ jobId: idField("job") }),
  output: z.object({
    /** Functions that the program imports; null for a kernel, whose source is in `source`. */
    imports: z.array(z.string()).nullable(),
    source: z.string().nullable(),
    args: z.array(z.string()),
    /** By what it would be taken for a miner; empty where nothing looks like it. */
    minerSigns: z.array(z.string()),
    /** The whole job.json, with which an operator can run its first shards. */
    submission: jobJson,
  }),
  refusals: ["forbidden", "not_found"],
  summary:
    "What a waiting job is: its job.json, the functions its program imports or a kernel's source, and what looks like mining. Its artifacts can be read meanwhile.",
});
export const decideReview = endpoint({
  name: "decideReview",
  method: "POST",
  path: "/api/v1/instance/reviews/{jobId}",
  ...operator,
  input: z
    .strictObject({
      jobId: idField("job"),
      decision: z.enum(RULE_VERDICTS),
      /** With allow: whether later jobs with the same program run without review. */
      allowProgram: z.boolean().default(false),
      /** With deny: what the owner reads. */
      reason: operatorReason.optional(),
    })
    .refine((input) => input.decision === "allow" || input.reason !== undefined, { path: ["reason"], error: "is needed to deny a job" }),
  output: z.object({ decided: z.literal(true) }),
  refusals: ["forbidden", "not_found", "conflict"],
  summary: "An operator lets a waiting job run, or ends it with a reason; what it reserved returns.",
});

const rule = z.object({ subject: z.string(), kind: z.enum(RULE_KINDS), verdict: z.enum(RULE_VERDICTS), reason: z.string(), decidedAt: momentField });
export const listRules = endpoint({
  name: "listRules",
  method: "GET",
  path: "/api/v1/instance/rules",
  ...operator,
  input: z.strictObject({}),
  output: z.object({ rules: z.array(rule) }),
  refusals: ["forbidden"],
  summary: "The programs and accounts that operators allowed or denied, the newest 500 first.",
});
export const setRule = endpoint({
  name: "setRule",
  method: "PUT",
  path: "/api/v1/instance/rules",
  ...operator,
  input: z.strictObject({ subject, verdict: z.enum(RULE_VERDICTS), reason: operatorReason }),
  output: z.object({ takenDown: z.array(idField("job")) }),
  refusals: ["forbidden"],
  summary: "Allows or denies a program or an account. A denial ends its open jobs as a takedown does.",
});
export const removeRule = endpoint({
  name: "removeRule",
  method: "DELETE",
  path: "/api/v1/instance/rules",
  ...operator,
  input: z.strictObject({ subject }),
  output: z.object({ removed: z.boolean() }),
  refusals: ["forbidden"],
  summary: "Takes an allowance or a denial back; jobs that it ended stay ended.",
});

export const listReports = endpoint({
  name: "listReports",
  method: "GET",
  path: "/api/v1/instance/reports",
  ...operator,
  input: z.strictObject({}),
  output: z.object({
    reports: z.array(
      z.object({ jobId: idField("job"), name: z.string(), state: z.enum(JOB_STATES), owner: z.string(), text: z.string(), reportedAt: momentField }),
    ),
  }),
  refusals: ["forbidden"],
  summary: "What people said about jobs, the newest 200 first.",
});

export const reportJob = endpoint({
  name: "reportJob",
  method: "POST",
  path: "/api/v1/jobs/{jobId}/reports",
  auth: "public",
  input: z.strictObject({ jobId: idField("job"), text: operatorReason }),
  output: z.object({ reported: z.literal(true) }),
  refusals: ["not_found"],
  summary:
    "Tells the operators that a job should not run here. One report of each account and device counts, and one of each network for people without either; a second one replaces nothing.",
});
