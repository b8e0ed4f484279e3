import "server-only";
import type { Tx } from "../db/client.ts";
import type { BlockRange, ChainEvent } from "./read-logs.ts";

/** Keeps confirmed events and returns those that were not confirmed before: each exactly once, whoever else reads the same range. */
export async function confirmEvents(tx: Tx, chainId: number, events: readonly ChainEvent[]): Promise<ChainEvent[]> {
  const fresh: ChainEvent[] = [];
  for (const event of events) {
    const { count } = await tx`
      insert into chain_events (chain_id, block_hash, log_index, block_number, tx_hash, name, args, is_confirmed, block_at)
      values (${chainId}, ${event.blockHash}, ${event.logIndex}, ${event.blockNumber}, ${event.txHash}, ${event.name}, ${tx.json(event.args)}, true, ${event.blockAt})
      on conflict (chain_id, block_hash, log_index) do update set is_confirmed = true where not chain_events.is_confirmed`;
    if (count === 1) fresh.push(event);
  }
  return fresh;
}

/** Replaces what the chain shows beyond the confirmed blocks. */
export async function replaceSeen(tx: Tx, chainId: number, events: readonly ChainEvent[]): Promise<void> {
  await tx`delete from chain_events where chain_id = ${chainId} and not is_confirmed`;
  for (const event of events)
    await tx`
      insert into chain_events (chain_id, block_hash, log_index, block_number, tx_hash, name, args, is_confirmed, block_at)
      values (${chainId}, ${event.blockHash}, ${event.logIndex}, ${event.blockNumber}, ${event.txHash}, ${event.name}, ${tx.json(event.args)}, false, ${event.blockAt})
      on conflict do nothing`;
}

/** Moves on behind a range that was read for good; false if somebody else did. The row is locked until the transaction ends. */
export async function advanceCursor(tx: Tx, chainId: number, read: BlockRange & { hash: `0x${string}` }): Promise<boolean> {
  const { count } = await tx`
    update pools set next_block = ${read.to + 1}, last_hash = ${read.hash} where chain_id = ${chainId} and next_block = ${read.from} and frozen is null`;
  return count === 1;
}

/** Notes up to where ranges were read a second time. */
export async function advanceRescan(tx: Tx, chainId: number, read: BlockRange): Promise<boolean> {
  const { count } = await tx`update pools set rescanned_to = ${read.to + 1} where chain_id = ${chainId} and rescanned_to = ${read.from} and frozen is null`;
  return count === 1;
}

/** Notes the newest block that was seen. */
export async function noteHead(tx: Tx, chainId: number, head: number, at: Date): Promise<void> {
  await tx`update pools set head = ${head}, followed_at = ${at} where chain_id = ${chainId}`;
}

/** Stops all booking and proposing until an operator has looked; the first reason stays. */
export async function freezePool(tx: Tx, chainId: number, reason: string): Promise<void> {
  await tx`update pools set frozen = coalesce(frozen, ${reason}) where chain_id = ${chainId}`;
}
