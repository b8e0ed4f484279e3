import "server-only";
import type { Tx } from "../db/client.ts";

/** The epoch whose proposal is awaited, locked; null if there is none. */
export async function lockProposable(tx: Tx, chainId: number): Promise<{ no: number; root: string } | null> {
  const [row] = await tx<
    { no: number; root: string }[]
  >`select no, root from epochs where chain_id = ${chainId} and state = 'file' order by no desc limit 1 for update`;
  return row ?? null;
}

/** Our epoch with that number in the contract. */
export async function findEpochByChainNo(tx: Tx, chainId: number, chainNo: number): Promise<{ no: number } | null> {
  const [row] = await tx<{ no: number }[]>`select no from epochs where chain_id = ${chainId} and chain_no = ${chainNo} and state = 'proposed' for update`;
  return row ?? null;
}

/** Notes a confirmed proposal; the transaction that made it is done. */
export async function setProposed(
  tx: Tx,
  chainId: number,
  proposal: { no: number; chainNo: number; at: Date; finalizableAt: Date; txHash: string },
): Promise<void> {
  await tx`
    update epochs set state = 'proposed', chain_no = ${proposal.chainNo}, proposed_at = ${proposal.at}, finalizable_at = ${proposal.finalizableAt},
      proposed_tx = ${proposal.txHash}, raw_tx = null, tx_hash = null, tx_sent_at = null
    where chain_id = ${chainId} and no = ${proposal.no}`;
}

/** Ends an epoch for good. */
export async function endEpoch(tx: Tx, chainId: number, end: { no: number; state: "finalized" | "vetoed"; at: Date; txHash: string }): Promise<void> {
  await tx`
    update epochs set state = ${end.state}, ended_at = ${end.at}, ended_tx = ${end.txHash}, raw_tx = null, tx_hash = null, tx_sent_at = null
    where chain_id = ${chainId} and no = ${end.no}`;
}

/** Keeps the list of leaves; false if another process was faster, with the same list. */
export async function setLeaves(tx: Tx, chainId: number, leaves: { no: number; sha256: string; count: number; totalMicro: bigint }): Promise<boolean> {
  const { count } = await tx`
    update epochs set state = 'leaves', leaves_sha256 = ${leaves.sha256}, leaf_count = ${leaves.count}, total_micro = ${String(leaves.totalMicro)}
    where chain_id = ${chainId} and no = ${leaves.no} and state = 'cut'`;
  return count === 1;
}

/** Keeps the tree. */
export async function setTree(tx: Tx, chainId: number, tree: { no: number; sha256: string; root: string }): Promise<boolean> {
  const { count } = await tx`
    update epochs set state = 'tree', nodes_sha256 = ${tree.sha256}, root = ${tree.root} where chain_id = ${chainId} and no = ${tree.no} and state = 'leaves'`;
  return count === 1;
}

/** Keeps the public file. */
export async function setFile(tx: Tx, chainId: number, file: { no: number; sha256: string }): Promise<boolean> {
  const { count } = await tx`update epochs set state = 'file', file_sha256 = ${file.sha256} where chain_id = ${chainId} and no = ${file.no} and state = 'tree'`;
  return count === 1;
}

/** Keeps a signed transaction in place of the one it follows, before it is sent; false if another process has put its own there. */
export async function setTransaction(
  tx: Tx,
  chainId: number,
  sent: { no: number; raw: string; hash: string; at: Date; instead: string | null },
): Promise<boolean> {
  const { count } = await tx`
    update epochs set raw_tx = ${sent.raw}, tx_hash = ${sent.hash}, tx_sent_at = ${sent.at}
    where chain_id = ${chainId} and no = ${sent.no} and state in ('file', 'proposed') and tx_hash is not distinct from ${sent.instead}`;
  return count === 1;
}

/** Forgets a transaction that can no longer succeed. */
export async function clearTransaction(tx: Tx, chainId: number, sent: { no: number; hash: string }): Promise<void> {
  await tx`update epochs set raw_tx = null, tx_hash = null, tx_sent_at = null where chain_id = ${chainId} and no = ${sent.no} and tx_hash = ${sent.hash}`;
}
