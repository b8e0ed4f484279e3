import { z } from "zod";
import { endpoint } from "../endpoint.ts";

/** The texts that people agree to. */
export const LEGAL_TEXTS = ["privacy", "terms"] as const;
export type LegalTextName = (typeof LEGAL_TEXTS)[number];

/** A text's version: the date it was written. */
export const legalVersion = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: "must be a text's version, a date such as 2026-11-24" });

/** The versions that a volunteer was shown. */
export const shownVersions = z.strictObject({ privacy: legalVersion, terms: legalVersion });
export type ShownVersions = z.output<typeof shownVersions>;

export const getLegal = endpoint({
  name: "getLegal",
  method: "GET",
  path: "/api/v1/legal",
  auth: "public",
  input: z.strictObject({}),
  output: z.object({ texts: z.array(z.object({ document: z.enum(LEGAL_TEXTS), version: legalVersion, url: z.url() })) }),
  summary: "The texts that people agree to: where each can be read and which version holds.",
});
export type LegalView = z.output<(typeof getLegal)["output"]>;
