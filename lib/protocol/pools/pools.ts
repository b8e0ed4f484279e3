import { z } from "zod";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import { POOL_LIMITS as L, POOL_ROLES } from "#lib/domain/pool/pool.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";

const poolId = idField("pol");
const poolSummary = z.object({ id: poolId, name: z.string(), role: z.enum([...POOL_ROLES, "device"]), members: z.number(), devices: z.number() });
export type PoolSummary = z.output<typeof poolSummary>;

const invite = z.object({ id: idField("inv"), hint: z.string(), expiresAt: momentField });
const poolView = poolSummary.extend({
  members: z.array(z.object({ id: idField("acc"), address: z.string().nullable(), role: z.enum(POOL_ROLES), joinedAt: momentField })),
  devices: z.array(z.object({ id: idField("dev"), kind: z.string(), joinedAt: momentField, lastSeenAt: momentField })),
  /** Open ones, for admins; empty for members. */
  invites: z.array(invite),
});
export type PoolView = z.output<typeof poolView>;

export const createPool = endpoint({
  name: "createPool",
  method: "POST",
  path: "/api/v1/pools",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(L.nameCharsMax)
      .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), { error: "may not hold line breaks or other control characters" }),
  }),
  output: poolSummary,
  refusals: ["conflict"],
  summary: "Makes a pool, whose only member and admin you are.",
});

export const listPools = endpoint({
  name: "listPools",
  method: "GET",
  path: "/api/v1/pools",
  auth: "account-or-device",
  input: z.strictObject({}),
  output: z.object({ pools: z.array(poolSummary) }),
  refusals: ["key_scope"],
  summary: "The pools that the account is a member of; for a device those whose jobs it may compute.",
});

export const getPool = endpoint({
  name: "getPool",
  method: "GET",
  path: "/api/v1/pools/{poolId}",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ poolId }),
  output: poolView,
  refusals: ["not_found"],
  summary: "A pool with its members and devices, for its members.",
});

export const createInvite = endpoint({
  name: "createInvite",
  method: "POST",
  path: "/api/v1/pools/{poolId}/invites",
  auth: "session",
  input: z.strictObject({ poolId, expiresInDays: z.int().min(1).max(L.inviteDaysMax).default(7) }),
  output: z.object({ invite, code: z.string() }),
  refusals: ["not_found", "conflict"],
  summary: "Makes an invite. Its code is shown this once; whoever has it may join with an account or a device until it expires. Only an admin's session may.",
});

export const inspectInvite = endpoint({
  name: "inspectInvite",
  method: "POST",
  path: "/api/v1/pools/invites/inspect",
  auth: "public",
  input: z.strictObject({ code: z.string().min(1).max(100) }),
  output: z.object({ name: z.string(), members: z.number(), devices: z.number(), expiresAt: momentField }),
  refusals: ["not_found"],
  summary: "Into which pool an open invite's code lets, for somebody who is asked to join.",
});

const poolJob = z.object({
  id: idField("job"),
  name: z.string(),
  /** Shortened. */
  owner: z.string(),
  isOwn: z.boolean(),
  state: z.enum(JOB_STATES),
  shardCount: z.number(),
  acceptedCount: z.number(),
  failedCount: z.number(),
  createdAt: momentField,
});
export type PoolJob = z.output<typeof poolJob>;

export const listPoolJobs = endpoint({
  name: "listPoolJobs",
  method: "GET",
  path: "/api/v1/pools/{poolId}/jobs",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ poolId }),
  output: z.object({ jobs: z.array(poolJob) }),
  refusals: ["not_found"],
  summary: "The newest 100 jobs of a pool with their progress, for its members. What a job computes and found is its owner's.",
});

export const revokeInvite = endpoint({
  name: "revokeInvite",
  method: "DELETE",
  path: "/api/v1/pools/{poolId}/invites/{inviteId}",
  auth: "account",
  input: z.strictObject({ poolId, inviteId: idField("inv") }),
  output: z.object({ revoked: z.literal(true) }),
  refusals: ["forbidden", "not_found", "key_scope"],
  summary: "Ends an invite at once; who joined by it stays. Only an admin may.",
});

export const joinPool = endpoint({
  name: "joinPool",
  method: "POST",
  path: "/api/v1/pools/join",
  auth: "account-or-device",
  input: z.strictObject({ code: z.string().min(1).max(100) }),
  output: poolSummary,
  refusals: ["not_found", "conflict", "key_scope"],
  summary: "Joins the pool of an invite's code: an account as a member, a device to compute, without any account.",
});

export const removeFromPool = endpoint({
  name: "removeFromPool",
  method: "DELETE",
  path: "/api/v1/pools/{poolId}/members/{memberId}",
  auth: "account-or-device",
  input: z.strictObject({ poolId, memberId: z.union([idField("acc"), idField("dev")]) }),
  output: z.object({ removed: z.literal(true) }),
  refusals: ["forbidden", "not_found", "conflict", "key_scope"],
  summary: "Takes an account or a device out of a pool: an admin anybody, everybody else oneself. From the next exchange on it is given nothing of the pool.",
});

export const setPoolRole = endpoint({
  name: "setPoolRole",
  method: "PUT",
  path: "/api/v1/pools/{poolId}/members/{memberId}",
  auth: "session",
  input: z.strictObject({ poolId, memberId: idField("acc"), role: z.enum(POOL_ROLES) }),
  output: z.object({ role: z.enum(POOL_ROLES) }),
  refusals: ["not_found", "conflict"],
  summary: "Makes a member an admin, or an admin a member. Only an admin's session may; a pool keeps at least one admin.",
});
