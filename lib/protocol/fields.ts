import { z } from "zod";
import { type Id, type IdPrefix, isId } from "#lib/domain/ids.ts";

/** An id with its prefix; another prefix is refused, so ids cannot be mixed up. */
export function idField<P extends IdPrefix>(prefix: P) {
  return z
    .custom<Id<P>>((value) => typeof value === "string" && isId(prefix, value), { error: `must look like ${prefix}_ and 32 hexadecimal digits` })
    .meta({ type: "string", pattern: `^${prefix}_[0-9a-f]{32}$` });
}

export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/, { error: "must be a SHA-256 as 64 lower-case hexadecimal digits" });
/** Moments travel as ISO 8601 in UTC. */
export const momentField = z.iso.datetime();
/** Money travels as a decimal string of micro-units. */
export const microField = z.string().regex(/^(0|[1-9][0-9]{0,17})$/, { error: "must be a whole number of micro-units as a decimal string, at most 18 digits" });
export const signedMicroField = z.string().regex(/^-?(0|[1-9][0-9]{0,17})$/);
export const base64Field = z.base64();
export const pageFields = { limit: z.coerce.number().int().min(1).max(200).default(50), after: z.string().max(100).optional() };
