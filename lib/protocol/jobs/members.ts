import { z } from "zod";
import { MEMBER_ROLES } from "#lib/domain/job/job-role.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";

/** Of a wallet, with or without an account; or the id of an account, which one that only passkeys open is known by. */
const address = z
  .string()
  .trim()
  .regex(/^(0x[0-9a-fA-F]{40}|acc_[0-9a-fA-F]{32})$/, { error: "must be a wallet address (0x and 40 hexadecimal digits) or an account's id (acc_ and 32)" })
  .transform((text) => text.toLowerCase());
const role = z.enum(MEMBER_ROLES);
const members = z.object({ members: z.array(z.object({ address: z.string(), role, addedAt: momentField })) });
export type JobMembers = z.output<typeof members>;

export const listMembers = endpoint({
  name: "listMembers",
  method: "GET",
  path: "/api/v1/jobs/{jobId}/members",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ jobId: idField("job") }),
  output: members,
  refusals: ["forbidden", "not_found"],
  summary: "Who may look at a job of yours or manage it, by wallet address, or by account id where there is no wallet.",
});

export const setMember = endpoint({
  name: "setMember",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/members",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address, role }),
  output: members,
  refusals: ["forbidden", "not_found"],
  summary:
    "Lets a wallet address look at a job of yours (view) or also pause, resume and cancel it (manage); a wallet needs no account yet. An account without a wallet is let in by its id; one with a wallet is listed by that.",
});

export const removeMember = endpoint({
  name: "removeMember",
  method: "DELETE",
  path: "/api/v1/jobs/{jobId}/members",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address }),
  output: members,
  refusals: ["forbidden", "not_found"],
  summary: "Takes that back.",
});
