import { z } from "zod";
import { addressField, signatureField } from "../chain/chain.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField, signedMicroField } from "../fields.ts";
import { publicKey } from "./devices.ts";

/**
 * The text that both the device (ECDSA P-256, SHA-256, raw r‖s) and the wallet (EIP-191) sign to belong together: neither can take the other without its
 * consent, and nothing of it can be used at another instance or twice. `address` is the wallet's, or the id of an account that has none; there the device alone signs.
 */
export function linkStatement(challenge: { origin: string; nonce: string }, link: { thumbprint: string; address: string }): string {
  return `Link this Shoal device to my account.\nDevice ${link.thumbprint}\nAccount ${link.address.toLowerCase()}\nOrigin ${challenge.origin}\nChallenge ${challenge.nonce}`;
}

const myDevice = z.object({
  id: idField("dev"),
  kind: z.enum(["browser", "headless"]),
  cores: z.number(),
  trusted: z.boolean(),
  linkedAt: momentField.nullable(),
  lastSeenAt: momentField,
  closedAt: momentField.nullable(),
  /** Earned in all its life, whoever it belonged to. */
  earnedMicro: signedMicroField,
  /** Of that, not yet in an epoch. */
  pendingMicro: signedMicroField,
  /** Of pending, held as a reserve. */
  reservedMicro: signedMicroField,
});
export type MyDevice = z.output<typeof myDevice>;

export const linkDevice = endpoint({
  name: "linkDevice",
  method: "POST",
  path: "/api/v1/me/devices",
  auth: "session",
  input: z.strictObject({
    publicKey,
    /** Of a challenge with the purpose `link`. */
    nonce: z.string().regex(/^[0-9A-Za-z]{1,100}$/, { error: "must be the nonce of a challenge" }),
    deviceSignature: z.base64url().max(200),
    /** Absent for an account without a wallet, and only there. */
    walletSignature: signatureField.optional(),
  }),
  output: z.object({ device: myDevice }),
  refusals: ["not_found", "conflict", "challenge_unknown", "signature_invalid", "session_old"],
  summary:
    "Links a device to the account: device and wallet sign one text. Without a wallet the device signs alone, and the session has to be of the last 15 minutes. What it has earned and nobody was paid for becomes the account's. Only a session may do it.",
});

export const listMyDevices = endpoint({
  name: "listMyDevices",
  method: "GET",
  path: "/api/v1/me/devices",
  auth: "account",
  input: z.strictObject({}),
  output: z.object({ devices: z.array(myDevice) }),
  summary: "The account's devices, newest link first, with what each earned.",
});

const deviceRef = z.strictObject({ deviceId: idField("dev") });

export const unlinkDevice = endpoint({
  name: "unlinkDevice",
  method: "DELETE",
  path: "/api/v1/me/devices/{deviceId}",
  auth: "session",
  input: deviceRef,
  output: z.object({ unlinked: z.literal(true) }),
  refusals: ["not_found"],
  summary: "Takes a device off the account. What is not in an epoch stays with the device, for the account it is linked to next. Only a session may do it.",
});

export const closeDevice = endpoint({
  name: "closeDevice",
  method: "POST",
  path: "/api/v1/me/devices/{deviceId}/close",
  auth: "session",
  input: deviceRef,
  output: z.object({ device: myDevice }),
  refusals: ["not_found"],
  summary: "Closes a device for good: it computes no more, and its reserve is released as the checks of its results end. Only a session may do it.",
});

/** Which account a device's earnings go to, for the device itself. */
export const getDeviceLink = endpoint({
  name: "getDeviceLink",
  method: "GET",
  path: "/api/v1/devices/me",
  auth: "device",
  input: z.strictObject({}),
  output: z.object({
    deviceId: idField("dev"),
    /** Of the account's wallet; null where it belongs to nobody, or to an account without one. */
    address: addressField.nullable(),
    accountId: idField("acc").nullable(),
    linkedAt: momentField.nullable(),
    earnedMicro: signedMicroField,
    pendingMicro: signedMicroField,
  }),
  summary: "To which account the device belongs, if to any, and what it has earned.",
});
