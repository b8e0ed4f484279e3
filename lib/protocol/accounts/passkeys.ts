import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";
import { accountView, signInFields } from "./accounts.ts";
import { passkeyView } from "./passkey-view.ts";

const bytes = (max: number) => z.base64url({ error: "must be bytes in base64url" }).min(1).max(max);
const credentialId = bytes(1400);
const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;

/** What `navigator.credentials.create()` made, as its `toJSON()` writes it; what else that writes is left unread. */
const newCredential = z.object({
  id: credentialId,
  response: z.object({ clientDataJSON: bytes(4000), attestationObject: bytes(20_000), transports: z.array(z.enum(TRANSPORTS)).max(7).default([]) }),
});
/** What `navigator.credentials.get()` signed. */
const assertion = z.object({
  id: credentialId,
  response: z.object({ clientDataJSON: bytes(4000), authenticatorData: bytes(4000), signature: bytes(2000), userHandle: bytes(100).nullish() }),
});
export type NewCredential = z.output<typeof newCredential>;
export type Assertion = z.output<typeof assertion>;

const passkeyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), { error: "may not hold line breaks or other control characters" });

export const offerPasskey = endpoint({
  name: "offerPasskey",
  method: "POST",
  path: "/api/v1/passkeys/offers",
  auth: "public",
  input: z.strictObject({ for: z.enum(["account", "add"]) }),
  output: z.object({
    /** Answered by text in UTF-8. */
    challenge: z.string(),
    expiresAt: momentField,
    rp: z.object({ id: z.string(), name: z.string() }),
    /** `id` are the bytes of the account's number, base64url. */
    user: z.object({ id: z.string(), name: z.string() }),
    /** COSE numbers, the best first. */
    algorithms: z.array(z.int()),
    /** Passkeys of the account already, so that none is made twice. */
    excluded: z.array(z.object({ id: z.string(), transports: z.array(z.enum(TRANSPORTS)) })),
  }),
  refusals: ["forbidden", "session_old"],
  summary: "What a browser needs to make a passkey: of a new account, or a further one of the account that is signed in. It expires after five minutes.",
});

export const createPasskeyAccount = endpoint({
  name: "createPasskeyAccount",
  method: "POST",
  path: "/api/v1/passkeys/accounts",
  auth: "public",
  input: z.strictObject({ credential: newCredential, name: passkeyName }),
  output: accountView,
  refusals: ["conflict", "challenge_unknown", "signature_invalid"],
  summary: "Makes an account that a passkey opens, and sets the session cookie. No wallet is needed.",
});

export const signInWithPasskey = endpoint({
  name: "signInWithPasskey",
  method: "POST",
  path: "/api/v1/session/passkey",
  auth: "public",
  input: z.strictObject({ credential: assertion }),
  output: accountView,
  refusals: ["challenge_unknown", "signature_invalid", "passkey_unknown"],
  summary: "Signs in with a passkey over a challenge of the purpose `passkey`; sets the session cookie.",
});

export const listPasskeys = endpoint({
  name: "listPasskeys",
  method: "GET",
  path: "/api/v1/me/passkeys",
  auth: "session",
  input: z.strictObject({}),
  output: z.object({ passkeys: z.array(passkeyView) }),
  summary: "The passkeys of the account.",
});

export const addPasskey = endpoint({
  name: "addPasskey",
  method: "POST",
  path: "/api/v1/me/passkeys",
  auth: "session",
  input: z.strictObject({ credential: newCredential, name: passkeyName }),
  output: z.object({ passkey: passkeyView }),
  refusals: ["conflict", "challenge_unknown", "signature_invalid", "session_old"],
  summary: "Adds a passkey to the account. Only a session of the last 15 minutes may.",
});

export const removePasskey = endpoint({
  name: "removePasskey",
  method: "DELETE",
  path: "/api/v1/me/passkeys/{passkeyId}",
  auth: "session",
  input: z.strictObject({ passkeyId: idField("psk") }),
  output: z.object({ removed: z.literal(true) }),
  refusals: ["not_found", "conflict", "session_old"],
  summary: "Removes a passkey; not the last way into the account. Only a session of the last 15 minutes may.",
});

export const addWallet = endpoint({
  name: "addWallet",
  method: "POST",
  path: "/api/v1/me/wallet",
  auth: "session",
  input: signInFields,
  output: accountView,
  refusals: ["conflict", "challenge_unknown", "signature_invalid", "session_old"],
  summary:
    "Gives an account without a wallet one, for good: an EIP-4361 message over a challenge of the purpose `wallet`, whose request id is the account's id. Only a session of the last 15 minutes may.",
});
