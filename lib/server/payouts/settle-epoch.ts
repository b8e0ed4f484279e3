import "server-only";
import type { Tx } from "../db/client.ts";
import { postBack, postPublished, postSettled } from "./epoch-posting-store.ts";
import { endEpoch, findEpochByChainNo, lockProposable, setProposed } from "./epoch-step-store.ts";

type Ending = { chainNo: number; at: Date; txHash: string };

/** The chain has confirmed a proposal; false if its root is not that of the epoch we are about to propose. */
export async function noteProposal(tx: Tx, chainId: number, proposal: Ending & { root: string; finalizableAt: Date }): Promise<boolean> {
  const epoch = await lockProposable(tx, chainId);
  if (!epoch || epoch.root !== proposal.root) return false;
  await setProposed(tx, chainId, { no: epoch.no, ...proposal });
  return true;
}

/** The chain has confirmed that an epoch holds: its earnings can be claimed, and the budgets have paid. A foreign epoch, which froze the pool, books nothing. */
export async function finalizeEpoch(tx: Tx, chainId: number, ending: Ending): Promise<void> {
  const epoch = await findEpochByChainNo(tx, chainId, ending.chainNo);
  if (!epoch) return;
  await postPublished(tx, chainId, epoch.no);
  await postSettled(tx, chainId, epoch.no);
  await endEpoch(tx, chainId, { no: epoch.no, state: "finalized", at: ending.at, txHash: ending.txHash });
}

/** The chain has confirmed a veto: everything that the epoch took goes back to where it was, by postings that undo it line by line. */
export async function vetoEpoch(tx: Tx, chainId: number, ending: Ending): Promise<void> {
  const epoch = await findEpochByChainNo(tx, chainId, ending.chainNo);
  if (!epoch) return;
  await postBack(tx, chainId, epoch.no);
  await endEpoch(tx, chainId, { no: epoch.no, state: "vetoed", at: ending.at, txHash: ending.txHash });
}
