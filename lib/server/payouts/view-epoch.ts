import "server-only";
import type { EpochView } from "#lib/protocol/payouts/payouts.ts";
import type { Epoch } from "./epoch-store.ts";

const text = (amount: bigint | null) => (amount === null ? null : String(amount));
const moment = (at: Date | null) => at?.toISOString() ?? null;

/** An epoch as the protocol shows it. */
export function viewEpoch(epoch: Epoch): EpochView {
  return {
    no: epoch.no,
    state: epoch.state,
    cutAt: epoch.cutAt.toISOString(),
    netMicro: String(epoch.netMicro),
    feeMicro: String(epoch.feeMicro),
    totalMicro: text(epoch.totalMicro),
    leafCount: epoch.leafCount,
    root: epoch.root,
    fileSha256: epoch.fileSha256,
    chainNo: epoch.chainNo,
    proposedAt: moment(epoch.proposedAt),
    proposedTx: epoch.proposedTx,
    finalizableAt: moment(epoch.finalizableAt),
    endedAt: moment(epoch.endedAt),
    endedTx: epoch.endedTx,
  };
}
