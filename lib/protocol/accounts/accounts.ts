import { z } from "zod";
import { endpoint, KEY_SCOPES } from "../endpoint.ts";
import { idField, microField, momentField, sha256Field, signedMicroField } from "../fields.ts";
import { LEGAL_TEXTS, legalVersion } from "../legal/legal.ts";
import { noticeSettings, noticeView } from "../notices/notice-view.ts";
import { pushBrowser } from "../push/push-view.ts";
import { passkeyView } from "./passkey-view.ts";

const role = z.enum(["operator"]);
export const accountView = z.object({
  id: idField("acc"),
  /** Of its wallet; null for an account that only passkeys open. */
  address: z.string().nullable(),
  roles: z.array(role),
  balance: z.object({ availableMicro: signedMicroField, escrowMicro: signedMicroField, asset: z.string() }),
});
export type AccountView = z.output<typeof accountView>;

export const createChallenge = endpoint({
  name: "createChallenge",
  method: "POST",
  path: "/api/v1/challenges",
  auth: "public",
  input: z.strictObject({ purpose: z.enum(["sign-in", "passkey", "wallet", "device", "link"]) }),
  output: z.object({
    nonce: z.string(),
    origin: z.string(),
    /** What a sign-in message has to name (EIP-155). */
    chainId: z.number(),
    expiresAt: momentField,
  }),
  summary:
    "A single-use value to sign: for signing in with a wallet (EIP-4361 nonce) or a passkey, for adding a wallet to an account, for a device's token, or for linking a device. It expires after five minutes.",
});

/** A message that a wallet signed. */
export const signInFields = z.strictObject({
  message: z.string().max(4000),
  signature: z.string().regex(/^0x(?:[0-9a-fA-F]{2}){1,10000}$/, { error: "must be whole bytes in hexadecimal, starting with 0x" }),
});

export const signIn = endpoint({
  name: "signIn",
  method: "POST",
  path: "/api/v1/session",
  auth: "public",
  input: signInFields,
  output: accountView,
  refusals: ["challenge_unknown", "signature_invalid"],
  summary: "Signs in with an EIP-4361 message signed by a wallet (also ERC-1271 and ERC-6492 where the instance has a chain); sets the session cookie.",
});

export const signOut = endpoint({
  name: "signOut",
  method: "DELETE",
  path: "/api/v1/session",
  auth: "session",
  input: z.strictObject({ everywhere: z.stringbool().default(false) }),
  output: z.object({ signedOut: z.literal(true) }),
  summary: "Ends this session, or with everywhere=true all sessions of the account.",
});

export const getMe = endpoint({
  name: "getMe",
  method: "GET",
  path: "/api/v1/me",
  auth: "account",
  input: z.strictObject({}),
  output: accountView,
  summary: "The account that is signed in, with its balance.",
});

const keyView = z.object({
  id: idField("key"),
  name: z.string(),
  hint: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  createdAt: momentField,
  expiresAt: momentField.nullable(),
  lastUsedAt: momentField.nullable(),
  /** What its jobs may reserve in a day (UTC) and in total, with what they did; a limit of null is none. */
  spend: z.object({ dayLimitMicro: microField.nullable(), totalLimitMicro: microField.nullable(), dayMicro: microField, totalMicro: microField }),
  /** The only job it may see and change; null for all of the account's. */
  jobId: idField("job").nullable(),
});
export type KeyView = z.output<typeof keyView>;

export const createKey = endpoint({
  name: "createKey",
  method: "POST",
  path: "/api/v1/keys",
  auth: "session",
  input: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: "may not hold line breaks or other control characters" }),
    scopes: z.array(z.enum(KEY_SCOPES)).min(1),
    expiresInDays: z.int().min(1).max(365).optional(),
    spendDayMicro: microField.optional(),
    spendTotalMicro: microField.optional(),
    jobId: idField("job").optional(),
  }),
  output: z.object({ key: keyView, secret: z.string() }),
  refusals: ["not_found", "conflict"],
  summary: "Makes an API key. The secret is shown this once; only a session may make keys.",
});

export const listKeys = endpoint({
  name: "listKeys",
  method: "GET",
  path: "/api/v1/keys",
  auth: "session",
  input: z.strictObject({}),
  output: z.object({ keys: z.array(keyView) }),
  summary: "The account's API keys that are not revoked.",
});

export const getCurrentKey = endpoint({
  name: "getCurrentKey",
  method: "GET",
  path: "/api/v1/keys/current",
  auth: "account",
  input: z.strictObject({}),
  output: z.object({ key: keyView }),
  refusals: ["not_found"],
  summary: "The key that asks: its scopes, expiry, limits and what it has spent.",
});

export const revokeCurrentKey = endpoint({
  name: "revokeCurrentKey",
  method: "DELETE",
  path: "/api/v1/keys/current",
  auth: "account",
  input: z.strictObject({}),
  output: z.object({ revoked: z.literal(true) }),
  refusals: ["not_found"],
  summary: "Revokes the key that asks.",
});

export const revokeKey = endpoint({
  name: "revokeKey",
  method: "DELETE",
  path: "/api/v1/keys/{keyId}",
  auth: "session",
  input: z.strictObject({ keyId: idField("key") }),
  output: z.object({ revoked: z.literal(true) }),
  refusals: ["not_found"],
  summary: "Revokes an API key at once.",
});

const accountData = z.object({
  account: z.object({ id: idField("acc"), address: z.string().nullable(), roles: z.array(z.string()), createdAt: momentField }),
  keys: z.array(
    keyView.omit({ spend: true }).extend({ revokedAt: momentField.nullable(), spendDayMicro: microField.nullable(), spendTotalMicro: microField.nullable() }),
  ),
  devices: z.array(z.object({ id: idField("dev"), kind: z.string(), cores: z.number(), createdAt: momentField, lastSeenAt: momentField })),
  uploads: z.array(z.object({ sha256: sha256Field, bytes: z.number(), createdAt: momentField })),
  unfinishedUploads: z.array(z.object({ sha256: sha256Field, bytes: z.number(), receivedBytes: z.number(), createdAt: momentField })),
  jobs: z.array(
    z.object({ id: idField("job"), state: z.string(), submission: z.unknown(), shards: z.number(), createdAt: momentField, endedAt: momentField.nullable() }),
  ),
  /** To what the account agreed, and the devices that are linked to it. */
  consents: z.array(z.object({ device: idField("dev").nullable(), document: z.enum(LEGAL_TEXTS), version: legalVersion, at: momentField })),
  passkeys: z.array(passkeyView),
  pools: z.array(idField("pol")),
  notices: z.array(noticeView),
  noticeSettings,
  pushBrowsers: z.array(pushBrowser),
  reports: z.array(z.object({ jobId: idField("job"), text: z.string(), reportedAt: momentField })),
  postings: z.array(z.object({ ref: z.string(), purse: z.number(), side: z.string(), amountMicro: signedMicroField, createdAt: momentField })),
});

export const exportMe = endpoint({
  name: "exportMe",
  method: "GET",
  path: "/api/v1/me/export",
  auth: "session",
  input: z.strictObject({}),
  output: accountData,
  summary: "Everything that is stored about your account, without secrets. Only a session may ask.",
});

export const deleteMe = endpoint({
  name: "deleteMe",
  method: "DELETE",
  path: "/api/v1/me",
  auth: "session",
  input: z.strictObject({}),
  output: z.object({ deleted: z.literal(true) }),
  refusals: ["conflict"],
  summary: "Deletes your account: keys, uploads, and what your jobs say. The books stay, under a number that names nobody. Refused while a job is open.",
});
