import { z } from "zod";
import { RECEIPT_REASONS, RECEIPT_STATES } from "#lib/domain/receipt/decide-receipt.ts";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField, momentField, sha256Field } from "../fields.ts";

/** How many shards one request may ask about. */
export const RECEIPTS_MAX = 100;

const shardRef = {
  jobId: idField("job"),
  no: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
};

const receipt = z.object({
  ...shardRef,
  jobName: z.string(),
  outcome: z.enum(OUTCOMES),
  /** As the instance holds it: of the output, or of the failure's name. */
  digest: sha256Field,
  durationMs: z.number(),
  reportedAt: momentField,
  state: z.enum(RECEIPT_STATES),
  /** Why it stands there; null where it is verified. */
  reason: z.enum(RECEIPT_REASONS).nullable(),
  /** What the device was credited for it. */
  earnedMicro: microField,
});
export type ServerReceipt = z.output<typeof receipt>;

export const listReceipts = endpoint({
  name: "listReceipts",
  method: "POST",
  path: "/api/v1/receipts",
  auth: "device",
  input: z.strictObject({ shards: z.array(z.strictObject(shardRef)).min(1).max(RECEIPTS_MAX) }),
  /** In no order; a shard of which the instance holds no result of this device is left out. */
  output: z.object({ receipts: z.array(receipt) }),
  summary: "What became of results that this device reported: pending, verified, rejected or unpaid, why, and what each earned. Changes nothing.",
});
