import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { EpochState } from "#lib/domain/payouts/epoch-state.ts";
import type { Reader } from "../db/client.ts";

export type Epoch = {
  chainId: number;
  no: number;
  state: EpochState;
  cutAt: Date;
  netMicro: Micro;
  feeMicro: Micro;
  totalMicro: Micro | null;
  leafCount: number | null;
  leavesSha256: string | null;
  nodesSha256: string | null;
  root: `0x${string}` | null;
  fileSha256: string | null;
  rawTx: `0x${string}` | null;
  txHash: `0x${string}` | null;
  txSentAt: Date | null;
  chainNo: number | null;
  proposedAt: Date | null;
  finalizableAt: Date | null;
  proposedTx: string | null;
  endedAt: Date | null;
  endedTx: string | null;
};

/** The largest number that the database holds. */
const EPOCH_NO_MAX = 2_147_483_647;

const columns = (reader: Reader) => reader`
  chain_id as "chainId", no, state, cut_at as "cutAt", net_micro as "netMicro", fee_micro as "feeMicro", total_micro as "totalMicro", leaf_count as "leafCount",
  leaves_sha256 as "leavesSha256", nodes_sha256 as "nodesSha256", root, file_sha256 as "fileSha256", raw_tx as "rawTx", tx_hash as "txHash", tx_sent_at as "txSentAt",
  chain_no as "chainNo", proposed_at as "proposedAt", finalizable_at as "finalizableAt", proposed_tx as "proposedTx", ended_at as "endedAt", ended_tx as "endedTx"`;

/** The newest epoch, whatever its state; null before the first. */
export async function findLatestEpoch(reader: Reader, chainId: number): Promise<Epoch | null> {
  const [row] = await reader<Epoch[]>`select ${columns(reader)} from epochs where chain_id = ${chainId} order by no desc limit 1`;
  return row ?? null;
}

/** The newest finalized epoch before `below`: the one whose root the contract holds, or held then. */
export async function findFinalizedEpoch(reader: Reader, chainId: number, below = EPOCH_NO_MAX): Promise<Epoch | null> {
  const [row] = await reader<Epoch[]>`
    select ${columns(reader)} from epochs where chain_id = ${chainId} and state = 'finalized' and no < ${below} order by no desc limit 1`;
  return row ?? null;
}

/** One epoch, or null. */
export async function findEpoch(reader: Reader, chainId: number, no: number): Promise<Epoch | null> {
  const [row] = await reader<Epoch[]>`select ${columns(reader)} from epochs where chain_id = ${chainId} and no = ${no}`;
  return row ?? null;
}

/** The number of the epoch that has this public file, or null. */
export async function findEpochNoByFile(reader: Reader, chainId: number, fileSha256: string): Promise<number | null> {
  const [row] = await reader<{ no: number }[]>`select no from epochs where chain_id = ${chainId} and file_sha256 = ${fileSha256}`;
  return row?.no ?? null;
}

/** Epochs, newest first; only those below a number where one is given. */
export async function listEpochsBefore(
  reader: Reader,
  chainId: number,
  { before = EPOCH_NO_MAX, limit }: { before?: number | undefined; limit: number },
): Promise<Epoch[]> {
  return await reader<Epoch[]>`select ${columns(reader)} from epochs where chain_id = ${chainId} and no < ${before} order by no desc limit ${limit}`;
}

/** How the refs of claims on a chain begin. */
const claimsOn = (chainId: number) => `claim:${chainId}:`;

/** What an account has claimed from a chain in all. */
export async function sumClaimed(reader: Reader, chainId: number, accountId: AccountId): Promise<Micro> {
  const [row] = await reader<{ amount: bigint }[]>`
    select coalesce(-sum(amount_micro), 0)::bigint as amount from account_postings where account_id = ${uuidOf(accountId)} and side = 'published' and ref ^@ ${claimsOn(chainId)}`;
  return row?.amount ?? 0n;
}

/** The same by address, in any spelling; 0 for one that has no account. */
export async function sumClaimedByAddress(reader: Reader, chainId: number, address: string): Promise<Micro> {
  const [row] = await reader<{ amount: bigint }[]>`
    select coalesce(-sum(p.amount_micro), 0)::bigint as amount from account_postings p join accounts a on a.id = p.account_id
    where a.address = ${address} and p.side = 'published' and p.ref ^@ ${claimsOn(chainId)}`;
  return row?.amount ?? 0n;
}

/** What every account has claimed from a chain in all, as far as it is confirmed, by address in lower case. */
export async function mapClaimed(reader: Reader, chainId: number): Promise<Map<string, Micro>> {
  const rows = await reader<{ address: string; amount: bigint }[]>`
    select lower(a.address) as address, -sum(p.amount_micro)::bigint as amount from account_postings p join accounts a on a.id = p.account_id
    where p.side = 'published' and p.ref ^@ ${claimsOn(chainId)} group by 1`;
  return new Map(rows.map(({ address, amount }) => [address, amount]));
}
