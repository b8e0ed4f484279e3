import "server-only";
import type { Reader, Tx } from "../db/client.ts";

export type Pool = {
  chainId: number;
  purse: number;
  escrow: `0x${string}`;
  distributor: `0x${string}`;
  token: `0x${string}`;
  tokenName: string;
  tokenSymbol: string;
  tokenVersion: string | null;
  feeBps: number;
  minIntervalS: number;
  challengeS: number;
  withdrawDelayS: number;
  nextBlock: number;
  lastHash: `0x${string}` | null;
  rescannedTo: number;
  head: number;
  followedAt: Date | null;
  frozen: string | null;
};

/** The pool on a chain as it was first seen, and how far it was read; null before the follower has seen it. */
export async function findPool(reader: Reader, chainId: number): Promise<Pool | null> {
  const [row] = await reader<(Omit<Pool, "nextBlock" | "rescannedTo" | "head"> & { nextBlock: bigint; rescannedTo: bigint; head: bigint })[]>`
    select chain_id as "chainId", purse, escrow, distributor, token, token_name as "tokenName", token_symbol as "tokenSymbol", token_version as "tokenVersion",
      fee_bps as "feeBps", min_interval_s as "minIntervalS", challenge_s as "challengeS", withdraw_delay_s as "withdrawDelayS",
      next_block as "nextBlock", last_hash as "lastHash", rescanned_to as "rescannedTo", head, followed_at as "followedAt", frozen
    from pools where chain_id = ${chainId}`;
  return row ? { ...row, nextBlock: Number(row.nextBlock), rescannedTo: Number(row.rescannedTo), head: Number(row.head) } : null;
}

/** The chain whose money an account's purse holds; null before its contracts were seen. */
export async function findChainOfPurse(reader: Reader, purse: number): Promise<number | null> {
  const [row] = await reader<{ chainId: number }[]>`select chain_id as "chainId" from pools where purse = ${purse}`;
  return row?.chainId ?? null;
}

export type NewPool = Omit<Pool, "nextBlock" | "lastHash" | "rescannedTo" | "head" | "followedAt" | "frozen"> & { startBlock: number };

/** Keeps what the contracts say about themselves; the first who comes does it. */
export async function insertPool(tx: Tx, pool: NewPool): Promise<void> {
  await tx`
    insert into pools (chain_id, purse, escrow, distributor, token, token_name, token_symbol, token_version, fee_bps, min_interval_s, challenge_s, withdraw_delay_s, next_block, rescanned_to)
    values (${pool.chainId}, ${pool.purse}, ${pool.escrow}, ${pool.distributor}, ${pool.token}, ${pool.tokenName}, ${pool.tokenSymbol}, ${pool.tokenVersion}, ${pool.feeBps},
      ${pool.minIntervalS}, ${pool.challengeS}, ${pool.withdrawDelayS}, ${pool.startBlock}, ${pool.startBlock})
    on conflict do nothing`;
}
