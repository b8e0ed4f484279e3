import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";

export const createCheckingCode = endpoint({
  name: "createCheckingCode",
  method: "POST",
  path: "/api/v1/me/checking-devices",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({}),
  output: z.object({ id: idField("enr"), code: z.string(), expiresAt: momentField }),
  refusals: ["conflict"],
  summary:
    "A one-time code for `shoal volunteer --trusted CODE` on a machine of yours, which then runs accepted shards of your jobs once more; it lives one hour. The device is paid nothing, computes for nobody, and decides nothing: what it doubts a trusted device of the instance looks at.",
});

const checkingDevice = z.object({
  id: idField("dev"),
  cores: z.number(),
  enrolledAt: momentField,
  lastSeenAt: momentField,
  /** Shards that it ran again: where it came to the accepted output, where not, and those that it could not run to their end. */
  same: z.number(),
  other: z.number(),
  unclear: z.number(),
});
export type CheckingDevice = z.output<typeof checkingDevice>;

export const listCheckingDevices = endpoint({
  name: "listCheckingDevices",
  method: "GET",
  path: "/api/v1/me/checking-devices",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({}),
  output: z.object({ devices: z.array(checkingDevice) }),
  summary: "The devices that check your jobs, newest first, without revoked ones.",
});

export const revokeCheckingDevice = endpoint({
  name: "revokeCheckingDevice",
  method: "DELETE",
  path: "/api/v1/me/checking-devices/{deviceId}",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({ deviceId: idField("dev") }),
  output: z.object({ revoked: z.literal(true) }),
  refusals: ["not_found"],
  summary: "Revokes the key of a device that checks your jobs, for good; its token stops working within a second or two, and what it doubted is asked no more.",
});
