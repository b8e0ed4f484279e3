import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/**
 * Who may call: `public` anybody; `account` who signed in or an API key with `scope`; `session` who signed in, and no key; `device` a device token;
 * `account-or-device` either;
 * each command authorises further by itself.
 */
export type EndpointAuth = "public" | "account" | "session" | "device" | "account-or-device";
export const KEY_SCOPES = ["jobs:read", "jobs:write", "artifacts:write", "devices:manage", "instance:manage"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** One call of the protocol: the same object makes the route, the typed client and the reference. */
export type Endpoint<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> = {
  name: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with `{parameters}`, which are fields of the input. */
  path: string;
  auth: EndpointAuth;
  scope?: KeyScope;
  /** Parameters of the path, the query (GET) and the JSON body (otherwise), in one object. Raw bodies are not part of it. */
  input: In;
  /** What the JSON answer holds; `bytes` endpoints stream instead. */
  output: Out;
  body?: "json" | "bytes";
  answer?: "json" | "bytes";
  /** Takes the header Idempotency-Key: a repeat with the same key is answered with what the first request made. */
  isIdempotent?: true;
  /** Largest JSON body accepted, in bytes. */
  bodyBytesMax?: number;
  /** What its command refuses with, beside what its door does; `refusalsOf()` has both. */
  refusals?: readonly ErrorCode[];
  summary: string;
};

/** Fixes the types of an endpoint. */
export function endpoint<In extends z.ZodType, Out extends z.ZodType>(definition: Endpoint<In, Out>): Endpoint<In, Out> {
  return definition;
}
export type InputOf<E extends Endpoint> = z.output<E["input"]>;
export type OutputOf<E extends Endpoint> = z.output<E["output"]>;
