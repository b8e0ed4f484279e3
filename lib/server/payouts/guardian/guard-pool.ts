import "server-only";
import { createHash } from "node:crypto";
import { type Account, createWalletClient, type Hex, http } from "viem";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import { type Evidence, type Proposal, verifyEpoch } from "#lib/domain/payouts/verify-epoch.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { findProposal, type Place, type Wanted } from "./find-proposal.ts";

/** A copy of the books. Null means that they cannot be read now. */
export type Books = {
  /** What the epoch with this file pays; null also where they have no such epoch. */
  readPaid(sha256: string): Promise<ReadonlyMap<string, bigint> | null>;
  /** What is wrong with the books themselves, in words. */
  check(): Promise<string[] | null>;
};
/** What the guardian sees of an instance: its public files by their SHA-256, and its books; null for one that has none. */
export type Sources = {
  /** The file with this SHA-256, or null if it cannot be had now. */
  readFile(sha256: string): Promise<Uint8Array | null>;
  books: Books | null;
};
export type Guard = Place & { rpcUrl: string; guardian: Account; sources: Sources };
/** `waits` means that something could not be had yet and there is time left; `problems` says what. */
export type Watched = { epoch: number; result: "none" | "good" | "waits" | "vetoed"; problems: string[] };

/** What is missing is waited for until so much of the window is left: a quarter, in which the veto itself can be repeated. */
const LAST_PART = 4n;

/**
 * Looks at the pending proposal, if there is one, and vetoes it if it does not follow from its public file, the file of the epoch before and the books. What cannot be had of these,
 * or has another hash than the chain says, is waited for, since a line that was down for a minute is no fraud. With a quarter of the challenge window left it vetoes instead: a veto of an
 * honest epoch costs a delay and a call of the admin, and a false epoch that becomes final costs the owners' money.
 */
export async function guardPool(guard: Guard): Promise<Watched> {
  const wanted = await readPending(guard);
  const { epoch, finalizableAt } = wanted;
  if (finalizableAt === 0n) return { epoch, result: "none", problems: [] };
  const { proposed, debits, finalDataHash } = await findProposal(guard, wanted);
  const settledTotal = await guard.client.readContract({ address: guard.escrow, abi: jobEscrowAbi, functionName: "settledTotal" });
  const { evidence, missing, broken } = await gather(guard.sources, { ...proposed, settledTotal, debits }, finalDataHash);
  if (missing.length > 0 && !(await isLate(guard, finalizableAt))) return { epoch, result: "waits", problems: missing };
  const problems = [...missing, ...(evidence ? verifyEpoch(evidence, { hasher: keccakMerkleHasher, sha256: hashOf }) : []), ...broken];
  if (problems.length === 0) return { epoch, result: "good", problems };
  await veto(guard, debits);
  return { epoch, result: "vetoed", problems };
}

/** What waits in the contract, with a `finalizableAt` of 0 if nothing does. */
async function readPending({ client, escrow }: Guard): Promise<Wanted> {
  const read = { address: escrow, abi: jobEscrowAbi } as const;
  const [pending, epoch, distributor] = await Promise.all([
    client.readContract({ ...read, functionName: "pending" }),
    client.readContract({ ...read, functionName: "epoch" }),
    client.readContract({ ...read, functionName: "distributor" }),
  ]);
  const outflow = await client.readContract({ address: distributor, abi: rewardDistributorAbi, functionName: "outflow" });
  return { epoch, root: pending[0], finalizableAt: BigInt(pending[4]), finalEpoch: outflow[4] };
}

type Gathered = { evidence: Evidence | null; missing: string[]; broken: string[] };

/** Everything that the decision needs; what cannot be had is named in `missing`, what is wrong with the books in `broken`. */
async function gather({ readFile, books }: Sources, proposal: Proposal, finalDataHash: Hex | null): Promise<Gathered> {
  const readExactly = async (dataHash: string) => {
    const bytes = await readFile(dataHash.slice(2));
    return bytes && `0x${hashOf(bytes)}` === dataHash ? bytes : null;
  };
  const file = await readExactly(proposal.dataHash);
  const previous = finalDataHash ? await readExactly(finalDataHash) : null;
  const [paid, broken] = books ? [await books.readPaid(proposal.dataHash.slice(2)), await books.check()] : [null, []];
  const missing = [
    ...(file ? [] : ["the public file cannot be had"]),
    ...(previous || !finalDataHash ? [] : ["the file of the epoch before cannot be had"]),
    ...(paid || !books ? [] : ["the books do not say what the epoch pays"]),
    ...(broken ? [] : ["the books cannot be checked"]),
  ];
  return { evidence: file && missing.length === 0 ? { file, previous, proposal, paid } : null, missing, broken: broken ?? [] };
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function isLate({ client, escrow }: Guard, finalizableAt: bigint): Promise<boolean> {
  const [window, { timestamp }] = await Promise.all([
    client.readContract({ address: escrow, abi: jobEscrowAbi, functionName: "challengeWindow" }),
    client.getBlock(),
  ]);
  return timestamp >= finalizableAt - window / LAST_PART;
}

async function veto({ client, rpcUrl, escrow, guardian }: Guard, debits: { budget: Hex; amount: bigint }[]): Promise<void> {
  const wallet = createWalletClient({ account: guardian, transport: http(rpcUrl) });
  const hash = await wallet.writeContract({ chain: null, address: escrow, abi: jobEscrowAbi, functionName: "veto", args: [debits] });
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 60_000 });
  if (receipt.status !== "success") throw new Error(`the veto ${hash} was reverted`);
}
