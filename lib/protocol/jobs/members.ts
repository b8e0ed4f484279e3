import { z } from "zod";
import { MEMBER_ROLES } from "#lib/domain/job/job-role.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";

const address = z
  .string()
  .trim()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: "must be a wallet address: 0x and 40 hexadecimal digits" })
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
  summary: "Who may look at a job of yours or manage it, by wallet address.",
});

export const setMember = endpoint({
  name: "setMember",
  method: "PUT",
  path: "/api/v1/jobs/{jobId}/members",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address, role }),
  output: members,
  summary: "Lets a wallet address look at a job of yours (view) or also pause, resume and cancel it (manage). The address needs no account yet.",
});

export const removeMember = endpoint({
  name: "removeMember",
  method: "DELETE",
  path: "/api/v1/jobs/{jobId}/members",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ jobId: idField("job"), address }),
  output: members,
  summary: "Takes that back.",
});
