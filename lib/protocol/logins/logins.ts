import { z } from "zod";
import { endpoint, KEY_SCOPES } from "../endpoint.ts";
import { microField, momentField } from "../fields.ts";

/** What a terminal may ask for; managing devices is for keys that an operator makes by hand. */
export const LOGIN_SCOPES = KEY_SCOPES.filter((scope) => scope !== "devices:manage" && scope !== "instance:manage");
/** Consonants that nobody takes for another, so that a code spells no word. */
export const LOGIN_CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/;

const code = z.string().regex(LOGIN_CODE, { error: "must be a code such as BCDF-GHJK" });
const scopes = z.array(z.enum(KEY_SCOPES).exclude(["devices:manage", "instance:manage"])).min(1);

export const createLogin = endpoint({
  name: "createLogin",
  method: "POST",
  path: "/api/v1/logins",
  auth: "public",
  input: z.strictObject({
    client: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[\x20-\x7e]*$/, { error: "may hold printable ASCII only" }),
    scopes,
    expiresInDays: z.int().min(1).max(90).default(30),
  }),
  output: z.object({
    code,
    secret: z.string(),
    /** Where the owner types the code. */
    url: z.url(),
    expiresAt: momentField,
    pollAfterMs: z.number(),
  }),
  summary: "A terminal asks for a key: it shows the code and the address to its owner and keeps the secret. The code lives ten minutes.",
});

export const claimLogin = endpoint({
  name: "claimLogin",
  method: "POST",
  path: "/api/v1/logins/claim",
  auth: "public",
  input: z.strictObject({ secret: z.string().max(100) }),
  output: z.object({ secret: z.string(), scopes: z.array(z.enum(KEY_SCOPES)), expiresAt: momentField }),
  refusals: ["conflict", "login_unknown", "login_pending", "login_denied"],
  summary: "Hands the key to the terminal once its owner has allowed it; until then it is login_pending. A second time there is nothing.",
});

export const loginView = z.object({
  client: z.string(),
  origin: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  expiresInDays: z.number(),
  createdAt: momentField,
});
export type LoginView = z.output<typeof loginView>;

export const getLogin = endpoint({
  name: "getLogin",
  method: "GET",
  path: "/api/v1/logins/{code}",
  auth: "session",
  input: z.strictObject({ code }),
  output: loginView,
  refusals: ["login_unknown"],
  summary: "What a terminal asks for, to whoever typed its code. Only a session may ask.",
});

export const decideLogin = endpoint({
  name: "decideLogin",
  method: "POST",
  path: "/api/v1/logins/{code}/decision",
  auth: "session",
  input: z.strictObject({
    code,
    decision: z.enum(["allowed", "denied"]),
    /** What jobs of the key may reserve in a day. */
    spendDayMicro: microField.optional(),
  }),
  output: z.object({ decision: z.enum(["allowed", "denied"]) }),
  refusals: ["login_unknown"],
  summary: "The owner allows or denies it, once. Only a session may decide.",
});
