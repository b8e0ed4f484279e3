import "server-only";
import type { ReleaseView } from "#lib/protocol/budgets/budgets.ts";
import type { Release } from "./budget-store.ts";

/** A release as the protocol shows it. */
export function viewRelease(release: Release, budgetId: string): ReleaseView {
  return {
    budgetId,
    to: release.toAddress,
    amountMicro: String(release.amountMicro),
    nonce: release.nonce,
    deadline: release.deadline.toISOString(),
    signature: release.signature,
    state: release.state,
  };
}
