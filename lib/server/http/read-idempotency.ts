import "server-only";
import { createHash } from "node:crypto";
import type { Endpoint } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Idempotency } from "../context.ts";

const HEADER = "idempotency-key";
/** What a header can hold without being quoted or split: visible ASCII. */
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * The Idempotency-Key of a request with the digest of its input, or null where the endpoint takes none or none came. Inputs that mean the same have one digest, however
 * they were written. Throws `bad_request` with the header's name where it is empty, too long or holds more than visible ASCII.
 */
export function readIdempotency(endpoint: Endpoint, request: Request, input: unknown): Idempotency | null {
  const key = endpoint.isIdempotent ? request.headers.get(HEADER) : null;
  if (key === null) return null;
  if (!KEY.test(key)) throw new ApiError("bad_request", { field: "Idempotency-Key", problem: "it must have 1 to 200 visible ASCII characters" });
  return { endpoint: endpoint.name, key, inputSha256: createHash("sha256").update(JSON.stringify(input, ordered)).digest("hex") };
}

function ordered(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
