import { z } from "zod";
import { momentField, sha256Field } from "../fields.ts";

/** A browser to which notices are pushed. */
export const pushBrowser = z.object({
  /** Of the endpoint that it subscribed with. */
  sha256: sha256Field,
  service: z.string(),
  createdAt: momentField,
  lastSentAt: momentField.nullable(),
});
