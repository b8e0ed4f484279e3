import "server-only";
import { createHash } from "node:crypto";
import { type Account, type Address, createWalletClient, type Hex, http, type PublicClient } from "viem";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { type Proposal, verifyEpoch } from "#lib/domain/payouts/verify-epoch.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";

/** What the guardian sees of an instance: its public files by their SHA-256, and its books if it may read them. */
export type Sources = {
  /** The file with this SHA-256, or null if it cannot be had. */
  readFile(sha256: string): Promise<Uint8Array | null>;
  /** What the epoch with this file pays by the books; null where they cannot be read. */
  readPaid(sha256: string): Promise<ReadonlyMap<string, bigint> | null>;
  /** What is wrong with the books themselves, in words; nothing where they cannot be read. */
  checkBooks(): Promise<string[]>;
};
export type Guard = { client: PublicClient; rpcUrl: string; escrow: Address; guardian: Account; sources: Sources; startBlock: bigint };
/** `waits` means that no file could be had yet and there is time left. */
export type Watched = { epoch: number; result: "none" | "good" | "waits" | "vetoed"; problems: string[] };

/** A missing file is waited for until so much of the window is left. */
const LAST_PART = 4n;

/** Looks at the pending proposal, if there is one, and vetoes it if it does not follow from its public file, the file before and the books. */
export async function guardPool(guard: Guard): Promise<Watched> {
  const { client, escrow } = guard;
  const read = { address: escrow, abi: jobEscrowAbi } as const;
  const [pending, epoch] = await Promise.all([
    client.readContract({ ...read, functionName: "pending" }),
    client.readContract({ ...read, functionName: "epoch" }),
  ]);
  const finalizableAt = BigInt(pending[4]);
  if (finalizableAt === 0n) return { epoch, result: "none", problems: [] };
  const [proposal, previousHash] = await Promise.all([readProposal(guard, epoch), findFinalHash(guard)]);
  const sha256 = proposal.dataHash.slice(2);
  const file = await guard.sources.readFile(sha256);
  if (file === null && !(await isLate(guard, finalizableAt))) return { epoch, result: "waits", problems: [] };
  const previous = previousHash ? await guard.sources.readFile(previousHash.slice(2)) : null;
  const lost = previousHash && previous === null ? ["the file of the epoch before cannot be had"] : [];
  const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const paid = file ? await guard.sources.readPaid(sha256) : null;
  const problems = [
    ...lost,
    ...verifyEpoch({ file, previous, proposal, paid }, { hasher: keccakMerkleHasher, sha256: hash }),
    ...(await guard.sources.checkBooks()),
  ];
  if (problems.length === 0) return { epoch, result: "good", problems };
  await veto(guard, proposal.debits);
  return { epoch, result: "vetoed", problems };
}

/** The event of the proposal, and the debits from the call that made it. */
async function readProposal({ client, escrow, startBlock }: Guard, epoch: number): Promise<Proposal> {
  const filter = { address: escrow, abi: jobEscrowAbi, fromBlock: startBlock } as const;
  const [log] = await client.getContractEvents({ ...filter, eventName: "EpochProposed", args: { epoch: BigInt(epoch) }, strict: true });
  if (!log) throw new Error(`epoch ${epoch} is pending and its proposal cannot be found`);
  const debited = await client.getContractEvents({ ...filter, eventName: "BudgetDebited", args: { epoch: BigInt(epoch) }, strict: true });
  const settledTotal = await client.readContract({ address: escrow, abi: jobEscrowAbi, functionName: "settledTotal" });
  const { root, dataHash, cumulativeTotal, gross, fee } = log.args;
  return { root, dataHash, cumulativeTotal, gross, fee, settledTotal, debits: debited.map(({ args }) => ({ budget: args.budget, amount: args.amount })) };
}

async function findFinalHash({ client, escrow, startBlock }: Guard): Promise<Hex | null> {
  const filter = { address: escrow, abi: jobEscrowAbi, fromBlock: startBlock } as const;
  const last = (await client.getContractEvents({ ...filter, eventName: "EpochFinalized", strict: true })).at(-1);
  if (!last) return null;
  const [log] = await client.getContractEvents({ ...filter, eventName: "EpochProposed", args: { epoch: last.args.epoch }, strict: true });
  return log?.args.dataHash ?? null;
}

async function isLate({ client, escrow }: Guard, finalizableAt: bigint): Promise<boolean> {
  const [window, { timestamp }] = await Promise.all([
    client.readContract({ address: escrow, abi: jobEscrowAbi, functionName: "challengeWindow" }),
    client.getBlock(),
  ]);
  return timestamp >= finalizableAt - window / LAST_PART;
}

async function veto({ client, rpcUrl, escrow, guardian }: Guard, debits: Proposal["debits"]): Promise<void> {
  const wallet = createWalletClient({ account: guardian, transport: http(rpcUrl) });
  const args = [debits.map(({ budget, amount }) => ({ budget: budget as Hex, amount }))] as const;
  const hash = await wallet.writeContract({ chain: null, address: escrow, abi: jobEscrowAbi, functionName: "veto", args });
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 60_000 });
  if (receipt.status !== "success") throw new Error(`the veto ${hash} was reverted`);
}
