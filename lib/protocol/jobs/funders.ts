import { z } from "zod";
import { WHOLE_BPS } from "#lib/domain/ledger/stakes.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField, signedMicroField } from "../fields.ts";

const address = z
  .string()
  .trim()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: "must be a wallet address: 0x and 40 hexadecimal digits" })
  .transform((text) => text.toLowerCase());
/** Of what the job returns, in hundredths of a per cent. */
const shareBps = z.number().int().min(0).max(WHOLE_BPS);
const jobRef = z.strictObject({ jobId: idField("job") });

const funder = z.object({
  /** Null for an owner without a wallet. */
  address: z.string().nullable(),
  isOwner: z.boolean(),
  isYou: z.boolean(),
  shareBps,
  putMicro: microField,
  returnedMicro: microField,
  /** What would come back to it if the job ended now and nothing more were spent. */
  returnableMicro: signedMicroField,
});
const funders = z.object({ funders: z.array(funder) });
export type JobFunders = z.output<typeof funders>;
export type JobFunder = JobFunders["funders"][number];

export const listFunders = endpoint({
  name: "listFunders",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/funders",
  auth: "account",
  scope: "jobs:read",
  input: jobRef,
  output: funders,
  refusals: ["not_found"],
  summary: "Who may put money into a job, who did, and which share of what is returned is whose; the owner is the last of them.",
});

export const setFunder = endpoint({
  name: "setFunder",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/funders",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address, shareBps }),
  output: funders,
  refusals: ["forbidden", "not_found", "conflict", "job_ended"],
  summary:
    "Lets a wallet address put money into an open job of yours, for a share of what is returned; it sees the job, too. What it was promised is fixed once it has put money in.",
});

export const removeFunder = endpoint({
  name: "removeFunder",
  method: "DELETE",
  path: "/api/v1/jobs/{jobId}/funders",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address }),
  output: funders,
  refusals: ["forbidden", "not_found", "conflict", "job_ended"],
  summary: "Takes that back, from an address that has put nothing in.",
});

export const contribute = endpoint({
  name: "contribute",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/contribution",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({
    jobId: idField("job"),
    /** What you are to have put in, in all. */
    putMicro: microField,
    /** The share that you agree to. */
    shareBps,
  }),
  output: funders,
  refusals: ["forbidden", "not_found", "conflict", "key_spend_limit", "funds_short", "job_ended"],
  summary:
    "Puts money of yours into somebody's job, up to a total, where its owner named your address; refused if the share is another than the one you agree to. Asked again with the same total it changes nothing.",
});
