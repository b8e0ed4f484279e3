import type { Endpoint } from "./endpoint.ts";
import { ERROR_CODES, type ErrorCode } from "./errors.ts";

/** Whoever asks: a credential that does not hold or may not name this, too many requests, and an instance that cannot answer. */
const ALWAYS = [
  "unauthenticated",
  "wrong_origin",
  "device_revoked",
  "key_job",
  "rate_limited",
  "internal",
  "unavailable",
] as const satisfies readonly ErrorCode[];

/** Every code that an endpoint can answer with, in the order of the error table: those of its door, which follow from what it takes and who may call, and its command's own. */
export function refusalsOf(endpoint: Endpoint): ErrorCode[] {
  const codes = new Set<ErrorCode>([...ALWAYS, ...doorRefusals(endpoint), ...(endpoint.refusals ?? [])]);
  return (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => codes.has(code));
}

function doorRefusals({ auth, scope, method, body }: Endpoint): ErrorCode[] {
  const hasJson = body !== "bytes" && method !== "GET" && method !== "DELETE";
  return [
    "bad_request",
    ...(hasJson ? ["not_json" as const, "too_large" as const] : []),
    ...(scope && auth !== "public" ? ["key_scope" as const] : []),
    ...(auth === "session" ? ["forbidden" as const] : []),
  ];
}
