import { isMachineOutcome, type Outcome } from "../replica/outcome.ts";

/**
 * Where a reported result stands.
 *
 * | state    | means                                                            |
 * |----------|------------------------------------------------------------------|
 * | pending  | other devices have to report before the shard has a verdict      |
 * | verified | it agrees with the verdict and is paid                           |
 * | rejected | the verdict is another one; `reason` says how                    |
 * | unpaid   | it says something about the machine only: no vote, no blame      |
 */
export const RECEIPT_STATES = ["pending", "verified", "rejected", "unpaid"] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

export const RECEIPT_REASONS = ["awaits_others", "another_output", "no_agreement", "machine_failed"] as const;
export type ReceiptReason = (typeof RECEIPT_REASONS)[number];

/** `agreed` is what the verdict made of the result; `verdict` that of its shard. Either is null while there is none. */
export type ReportedReplica = { outcome: Outcome; agreed: "yes" | "no" | null; verdict: "accepted" | "failed" | null };

export type ReceiptStanding = { state: ReceiptState; reason: ReceiptReason | null };

/** Where a result stands, and why where that is no plain success. */
export function decideReceipt({ outcome, agreed, verdict }: ReportedReplica): ReceiptStanding {
  if (isMachineOutcome(outcome)) return { state: "unpaid", reason: "machine_failed" };
  if (agreed === "yes") return { state: "verified", reason: null };
  if (agreed === null) return { state: "pending", reason: "awaits_others" };
  return { state: "rejected", reason: verdict === "failed" ? "no_agreement" : "another_output" };
}
