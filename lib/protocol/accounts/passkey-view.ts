import { z } from "zod";
import { idField, momentField } from "../fields.ts";

/** A passkey as its account sees it. */
export const passkeyView = z.object({
  id: idField("psk"),
  name: z.string(),
  /** Whether its maker keeps it on several devices: losing this one does not lose it. */
  isBackedUp: z.boolean(),
  createdAt: momentField,
  lastUsedAt: momentField.nullable(),
});
export type PasskeyView = z.output<typeof passkeyView>;
