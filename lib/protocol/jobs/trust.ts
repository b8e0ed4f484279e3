import { z } from "zod";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField, sha256Field } from "../fields.ts";

const assurance = z.enum(ASSURANCE_CLASSES);

const assuranceOffer = z.object({
  assurance,
  /** Why it cannot be had here now; null where it can. */
  unavailable: z.enum(["trusted_device", "established_devices"]).nullable(),
  /** Executions of an accepted shard on average while nobody attacks: what a shard costs is this times the price of a replica. */
  executions: z.number(),
  /** Replicas that the escrow of a shard covers; the rest returns. */
  replicasMax: z.number(),
  quorum: z.number(),
  /** Share of final results that may be wrong under the worst known attack, for windows as large as this instance's are. */
  errorBound: z.number(),
  /** The longest that results stay provisional, in milliseconds; 0 where they are final at once. */
  holdMsMax: z.number(),
});

export const listAssurances = endpoint({
  name: "listAssurances",
  method: "GET",
  path: "/api/v1/assurances",
  auth: "public",
  input: z.strictObject({}),
  output: z.object({
    /** What a job gets that names no class. */
    default: assurance,
    /** Results that a window gathers here. */
    windowResults: z.number(),
    classes: z.array(assuranceOffer),
  }),
  summary: "The assurance classes with what each costs and promises on this instance, and the one it offers first.",
});

export const jobTrust = z.object({
  assurance,
  shards: z.object({ provisional: z.number(), final: z.number(), revoked: z.number() }),
  /** Executions of an accepted shard: what the class expects while nobody attacks, and what they were; null before the first verdict. */
  executions: z.object({ expected: z.number(), actual: z.number().nullable() }),
  /** Of the results on hold: how many were drawn for a check, how many of these are done, and how many a trusted device confirmed. */
  checks: z.object({ drawn: z.number(), done: z.number(), confirmedByTrusted: z.number() }),
  /** What the owner's verifier said of outputs, and how many wait for it; null where the job has none. */
  verifier: z.object({ accepted: z.number(), rejected: z.number(), waiting: z.number() }).nullable(),
  /**
   * What devices of the owner made of accepted shards: the same output, another one, or nothing because the machine gave up; how many of those with another one a trusted
   * device of the instance was asked about, and how many were taken back because it agreed. Null where no such device ran any.
   */
  ownChecks: z.object({ same: z.number(), other: z.number(), unclear: z.number(), asked: z.number(), takenBack: z.number() }).nullable(),
  /** Replicas that differed from the verdict of their shard. */
  disagreements: z.number(),
  /** Results that were proven wrong and taken back. */
  refuted: z.number(),
  bound: z.object({
    /** Share of wrong final results that the class promises for windows as large as this instance's are. */
    promised: z.number(),
    /** The same for the windows that this job's results lie in; null before the first. */
    reached: z.number().nullable(),
  }),
  /** When the last provisional result is final at the latest if nobody attacks; null where none is provisional. */
  finalBy: momentField.nullable(),
  /** When its result was last downloaded; null if never. */
  downloadedAt: momentField.nullable(),
  /** Shards whose result was taken back, the latest first, at most 200. */
  changed: z.array(
    z.object({
      no: z.number(),
      revokedAt: momentField,
      reason: z.enum(["refuted", "device_burned", "auditor_wrong"]),
      /** The digest that was taken back, and the one in its place; null while it is computed again, or for a failure. */
      was: sha256Field.nullable(),
      is: sha256Field.nullable(),
      /** Whether the result was downloaded while it held what was taken back. */
      wasDownloaded: z.boolean(),
    }),
  ),
});
export type JobTrust = z.output<typeof jobTrust>;

export const getJobTrust = endpoint({
  name: "getJobTrust",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/trust",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ jobId: idField("job") }),
  output: jobTrust,
  refusals: ["not_found"],
  summary: "How far a job's results can be trusted: executions, checks, disagreements, the bound reached, and which shards changed after a download.",
});

export const listTrustWindows = endpoint({
  name: "listTrustWindows",
  method: "GET",
  path: "/api/v1/trust-windows",
  auth: "public",
  input: z.strictObject({ assurance }),
  output: z.object({
    windows: z.array(
      z.object({
        no: z.number(),
        openedAt: momentField,
        endedAt: momentField.nullable(),
        closedAt: momentField.nullable(),
        results: z.number(),
        /** SHA-256 of the lottery's secret. */
        commitment: sha256Field,
        /** The secret as hexadecimal digits, once the window has closed: anybody can draw its lots again. */
        secret: z.string().nullable(),
      }),
    ),
  }),
  summary: "The last 100 windows of a class with the commitment to their lottery, and its secret once they have closed.",
});
