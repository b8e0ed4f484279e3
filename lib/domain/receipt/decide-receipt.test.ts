import { expect, test } from "vitest";
import { decideReceipt, type ReportedReplica } from "./decide-receipt.ts";

test.each<[ReportedReplica, string, string | null]>([
  [{ outcome: "ok", agreed: null, verdict: null }, "pending", "awaits_others"],
  [{ outcome: "ok", agreed: "yes", verdict: "accepted" }, "verified", null],
  [{ outcome: "exit_code", agreed: "yes", verdict: "failed" }, "verified", null],
  [{ outcome: "ok", agreed: "no", verdict: "accepted" }, "rejected", "another_output"],
  [{ outcome: "ok", agreed: "no", verdict: "failed" }, "rejected", "no_agreement"],
  [{ outcome: "timeout", agreed: null, verdict: null }, "unpaid", "machine_failed"],
  [{ outcome: "crashed", agreed: null, verdict: "accepted" }, "unpaid", "machine_failed"],
])("%j is %s, because of %s", (replica, state, reason) => {
  expect(decideReceipt(replica)).toEqual({ state, reason });
});
