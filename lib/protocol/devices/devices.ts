import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";
import { shownVersions } from "../legal/legal.ts";

/** A P-256 public key as a JSON Web Key; made by WebCrypto, which browsers and Node share. */
export const publicKey = z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.base64url().length(43), y: z.base64url().length(43) });
export type PublicKey = z.output<typeof publicKey>;

/** The text a device signs (ECDSA P-256, SHA-256, raw r‖s): bound to the instance's origin and to one challenge. */
export function deviceStatement(challenge: { origin: string; nonce: string }, thumbprint: string): string {
  return `Shoal device ${thumbprint}\norigin ${challenge.origin}\nchallenge ${challenge.nonce}`;
}

export const registerDevice = endpoint({
  name: "registerDevice",
  method: "POST",
  path: "/api/v1/devices",
  auth: "public",
  input: z.strictObject({
    publicKey,
    nonce: z.string().regex(/^[0-9A-Za-z]{1,100}$/, { error: "must be the nonce of a challenge" }),
    signature: z.base64url().max(200),
    kind: z.enum(["browser", "headless"]),
    cores: z.int().min(1).max(1024),
    /** One-time code that makes this key trusted, of an operator, or has it check the jobs of the account that made the code. */
    enrolmentCode: z.string().max(100).optional(),
    /** The versions of the texts that whoever started the device was shown. */
    consent: shownVersions.optional(),
  }),
  output: z.object({ deviceId: idField("dev"), token: z.string(), expiresAt: momentField, trusted: z.boolean(), checksOwnJobs: z.boolean() }),
  refusals: ["challenge_unknown", "signature_invalid", "enrolment_unknown", "text_changed", "conflict"],
  summary: "Registers a device by its key, or renews the token of a known one. The token lives ten minutes at most.",
});

export const createEnrolment = endpoint({
  name: "createEnrolment",
  method: "POST",
  path: "/api/v1/enrolments",
  auth: "account",
  scope: "devices:manage",
  input: z.strictObject({}),
  output: z.object({ id: idField("enr"), code: z.string(), expiresAt: momentField }),
  refusals: ["forbidden"],
  summary: "An operator's one-time code for `shoal volunteer --trusted CODE`; it lives one hour.",
});

const deviceView = z.object({
  id: idField("dev"),
  kind: z.enum(["browser", "headless"]),
  trusted: z.boolean(),
  cores: z.number(),
  lastSeenAt: momentField,
  revoked: z.boolean(),
});

export const listDevices = endpoint({
  name: "listDevices",
  method: "GET",
  path: "/api/v1/devices",
  auth: "account",
  scope: "devices:manage",
  input: z.strictObject({}),
  output: z.object({ devices: z.array(deviceView) }),
  refusals: ["forbidden"],
  summary: "An operator's view of the trusted devices, newest first.",
});

export const revokeDevice = endpoint({
  name: "revokeDevice",
  method: "DELETE",
  path: "/api/v1/devices/{deviceId}",
  auth: "account",
  scope: "devices:manage",
  input: z.strictObject({ deviceId: idField("dev") }),
  output: z.object({ revoked: z.literal(true) }),
  refusals: ["forbidden", "not_found"],
  summary: "An operator revokes a device's key; its token stops working within a second or two.",
});
