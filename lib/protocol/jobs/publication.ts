import { z } from "zod";
import { ERRAND_OUTCOMES } from "#lib/domain/errand/errand.ts";
import { JOB_STATES, OUTPUT_FORMATS } from "#lib/domain/job/job.ts";
import { SLICING_MODES } from "#lib/domain/slicing/slicing.ts";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField, sha256Field } from "../fields.ts";

const jobRef = z.strictObject({ jobId: idField("job") });
const publication = z.object({ publishedAt: momentField.nullable() });

export const getPublication = endpoint({
  name: "getPublication",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/publication",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: publication,
  refusals: ["not_found"],
  summary: "Whether everybody may read a job and its result, and since when.",
});

export const publishJob = endpoint({
  name: "publishJob",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/publication",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: publication,
  refusals: ["forbidden", "not_found"],
  summary: "Lets everybody read what a job computed, by which digests, how far it is verified, and its result.",
});

export const unpublishJob = endpoint({
  name: "unpublishJob",
  method: "DELETE",
  path: "/api/v1/jobs/{jobId}/publication",
  auth: "account",
  scope: "jobs:write",
  input: jobRef,
  output: publication,
  refusals: ["forbidden", "not_found"],
  summary: "Takes the public page of a job back.",
});

export const publicJob = z.object({
  id: idField("job"),
  name: z.string(),
  description: z.string(),
  topic: z.string(),
  state: z.enum(JOB_STATES),
  /** The owner's address, shortened to its first and last four digits. */
  owner: z.string(),
  program: z.object({ sha256: sha256Field, args: z.array(z.string()) }),
  input: z.object({ sha256: sha256Field }).nullable(),
  files: z.array(z.object({ name: z.string(), sha256: sha256Field })),
  slicing: z.enum(SLICING_MODES),
  format: z.enum(OUTPUT_FORMATS),
  seed: z.string(),
  /** Where a program of the owner's writes the result: how many accepted shards it holds, and how the program ended where it failed, so that there is none. */
  reduction: z
    .object({
      shards: z.number(),
      failure: z
        .object({ fromNo: z.number(), toNo: z.number(), outcome: z.enum(ERRAND_OUTCOMES), exitCode: z.number().nullable(), trap: z.string().nullable() })
        .nullable(),
    })
    .nullable(),
  shardCount: z.number(),
  acceptedCount: z.number(),
  failedCount: z.number(),
  finalCount: z.number(),
  assurance: z.enum(ASSURANCE_CLASSES),
  /** Share of wrong final results, at most, for the windows that the results lie in; null before the first. */
  errorBound: z.number().nullable(),
  createdAt: momentField,
  endedAt: momentField.nullable(),
  publishedAt: momentField,
  /** Whether its result was deleted, as every result is some time after its job closed. */
  resultIsGone: z.boolean(),
});
export type PublicJob = z.output<typeof publicJob>;

export const getPublicJob = endpoint({
  name: "getPublicJob",
  method: "GET",
  path: "/api/v1/results/{jobId}",
  auth: "public",
  input: jobRef,
  output: publicJob,
  refusals: ["not_found"],
  summary: "A job whose owner published it: digests of program and input, how far it is verified, what its assurance reached.",
});

export const getPublicResult = endpoint({
  name: "getPublicResult",
  method: "GET",
  path: "/api/v1/results/{jobId}/file",
  auth: "public",
  answer: "bytes",
  input: jobRef,
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "conflict", "result_not_ready", "result_gone", "result_not_reduced", "reducer_failed"],
  summary: "The result of a published job as one file, with the same headers as for its owner.",
});

export const getPublicPicture = endpoint({
  name: "getPublicPicture",
  method: "GET",
  path: "/api/v1/results/{jobId}/picture",
  auth: "public",
  answer: "bytes",
  input: jobRef,
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "result_gone"],
  summary: "The picture of a published job that makes one, as for its owner.",
});
