import { z } from "zod";
import { JOB_LIMITS as L } from "#lib/domain/job/job.ts";
import { sha256Field } from "../fields.ts";

/** Text that a database and an argument vector can hold: no NUL, no half of a character. */
export const text = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((value) => value.isWellFormed() && !value.includes("\0"), { error: "may not hold NUL or half of a surrogate pair" });
/** Text on one line. */
export const label = (charsMax: number) =>
  text(charsMax).refine((value) => !/\p{Cc}/u.test(value), { error: "may not hold line breaks or other control characters" });

/** Arguments of a program that an owner brings for trusted devices. */
export const ownArgs = z.array(text(L.argBytesMax)).max(L.argsMax).default([]);

/** An artifact that was uploaded before. */
export const artifactRef = z.strictObject({ sha256: sha256Field }).describe("Bytes that were uploaded before, by their SHA-256.");
