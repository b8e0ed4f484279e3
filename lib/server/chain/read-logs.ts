import "server-only";
import { BaseError, decodeEventLog, type Log, type PublicClient, RpcRequestError } from "viem";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import type { Pool } from "./pool-store.ts";

export type ChainEvent = {
  blockHash: `0x${string}`;
  blockNumber: number;
  logIndex: number;
  txHash: `0x${string}`;
  name: string;
  args: Record<string, string>;
  blockAt: Date;
};
export type BlockRange = { from: number; to: number };

const ABIS = [...jobEscrowAbi, ...rewardDistributorAbi].filter((entry) => entry.type === "event");

/**
 * What both contracts logged in a range of blocks, in the chain's order. A server that refuses so many blocks at once is asked for halves. Throws if the chain
 * changed while it was read.
 */
export async function readEvents(client: PublicClient, pool: Pick<Pool, "escrow" | "distributor">, range: BlockRange): Promise<ChainEvent[]> {
  const logs = await readLogs(client, pool, range);
  const times = new Map<string, Date>();
  for (const { blockHash, blockNumber } of logs) {
    if (blockHash === null || blockNumber === null || times.has(blockHash)) continue;
    const block = await client.getBlock({ blockNumber });
    if (block.hash !== blockHash) throw new Error(`Block ${blockNumber} changed while it was read.`);
    times.set(blockHash, new Date(Number(block.timestamp) * 1000));
  }
  return logs.flatMap((log) => toEvent(log, times)).sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
}

async function readLogs(client: PublicClient, pool: Pick<Pool, "escrow" | "distributor">, { from, to }: BlockRange): Promise<Log[]> {
  try {
    return await client.getLogs({ address: [pool.escrow, pool.distributor], fromBlock: BigInt(from), toBlock: BigInt(to) });
  } catch (error) {
    if (!isRefusal(error) || from === to) throw error;
    const middle = Math.floor((from + to) / 2);
    return [...(await readLogs(client, pool, { from, to: middle })), ...(await readLogs(client, pool, { from: middle + 1, to }))];
  }
}

/** Whether the chain's server answered and refused: that is worth a smaller question; one that does not answer is not. */
export function isRefusal(error: unknown): boolean {
  return error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null;
}

function toEvent(log: Log, times: ReadonlyMap<string, Date>): ChainEvent[] {
  const { blockHash, blockNumber, logIndex, transactionHash } = log;
  if (blockHash === null || blockNumber === null || logIndex === null || transactionHash === null || log.removed) return [];
  const blockAt = times.get(blockHash);
  if (!blockAt) return [];
  const decoded = decodeEventLog({ abi: ABIS, data: log.data, topics: log.topics, strict: false });
  const args = Object.fromEntries(Object.entries(decoded.args ?? {}).map(([name, value]) => [name, String(value).toLowerCase()]));
  return [{ blockHash, blockNumber: Number(blockNumber), logIndex, txHash: transactionHash, name: decoded.eventName ?? "", args, blockAt }];
}
