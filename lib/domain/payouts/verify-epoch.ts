import { countEarnings, EARNING_BYTES, type Earning, earningAt, toHex } from "../merkle/earnings.ts";
import { buildMerkleTree, type MerkleHasher, rootOf } from "../merkle/merkle-tree.ts";
import { type EpochHeader, readEpochFile } from "./epoch-file.ts";

/** What a proposal says on chain. Words in lower case with 0x. */
export type Proposal = {
  root: string;
  /** SHA-256 of the public file. */
  dataHash: string;
  cumulativeTotal: bigint;
  gross: bigint;
  fee: bigint;
  debits: readonly { budget: string; amount: bigint }[];
  /** The sum of all epochs that are final. */
  settledTotal: bigint;
};

export type Evidence = {
  /** The public file. */
  file: Uint8Array;
  /** The file of the epoch that is final; null before the first. */
  previous: Uint8Array | null;
  proposal: Proposal;
  /** What the books say that this epoch pays, by address in lower case; null for who cannot read them. */
  paid: ReadonlyMap<string, bigint> | null;
};

export type Means = { hasher: MerkleHasher; sha256(bytes: Uint8Array): string };

/**
 * Recomputes an epoch from its public file and says what is wrong with the proposal, in words; an empty list means that it follows from the file, that nobody lost anything
 * against the epoch before, and, with the books, that everybody gets what they earned. A file that cannot be understood is one of the things that are wrong: whoever could make
 * this throw would keep the guardian from its veto.
 */
export function verifyEpoch(evidence: Evidence, { hasher, sha256 }: Means): string[] {
  const { file, proposal } = evidence;
  if (`0x${sha256(file)}` !== proposal.dataHash) return [`the public file has the SHA-256 ${sha256(file)}, not the proposed ${proposal.dataHash.slice(2)}`];
  try {
    return listProblems(evidence, hasher);
  } catch (error) {
    return [`the file or the one before is no file of an epoch: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function listProblems({ file, previous, proposal, paid }: Evidence, hasher: MerkleHasher): string[] {
  const { header, packed } = readEpochFile(file);
  const order = findDisorder(packed);
  if (order !== null) return [order];
  const before = leavesOf(previous === null ? new Uint8Array() : readEpochFile(previous).packed);
  const root = countEarnings(packed) > 0 ? toHex(rootOf(buildMerkleTree(packed, hasher))) : null;
  return [
    ...(root === proposal.root ? [] : [`the leaves have the root ${root}, not the proposed ${proposal.root}`]),
    ...checkTotals(packed, proposal),
    ...checkDebits(header, proposal),
    ...checkLeaves(leavesOf(packed), before, paid),
  ];
}

/** What a public file says by itself: its leaves, what they sum to, and the root that they have. Throws in words if it is no such file, or if an account is there twice. */
export function recomputeEpoch(file: Uint8Array, hasher: MerkleHasher): { header: EpochHeader; root: string; leafCount: number; totalMicro: bigint } {
  const { header, packed } = readEpochFile(file);
  const problem = findDisorder(packed);
  if (problem !== null) throw new Error(problem);
  return { header, root: toHex(rootOf(buildMerkleTree(packed, hasher))), leafCount: countEarnings(packed), totalMicro: totalOf(packed) };
}

/** Sorted by address, each once: a second leaf of an account would let it claim the larger one of what are two histories. */
function findDisorder(packed: Uint8Array): string | null {
  for (let index = 1; index < packed.length / EARNING_BYTES; index += 1) {
    const [a, b] = [earningAt(packed, index - 1).account, earningAt(packed, index).account];
    if (a === b) return `${b} has two leaves`;
    if (a > b) return `the leaves are not sorted at ${b}`;
  }
  return null;
}

function totalOf(packed: Uint8Array): bigint {
  let total = 0n;
  for (let index = 0; index < packed.length / EARNING_BYTES; index += 1) total += earningAt(packed, index).cumulative;
  return total;
}

function checkTotals(packed: Uint8Array, proposal: Proposal): string[] {
  const total = totalOf(packed);
  const net = proposal.cumulativeTotal - proposal.settledTotal;
  return [
    ...(total === proposal.cumulativeTotal ? [] : [`the leaves sum to ${total}, not to the proposed ${proposal.cumulativeTotal}`]),
    ...(net + proposal.fee === proposal.gross ? [] : [`the budgets pay ${proposal.gross}, and ${net} and a fee of ${proposal.fee} are paid out`]),
  ];
}

function checkDebits(header: EpochHeader, proposal: Proposal): string[] {
  const listed = new Map(header.debits.map(({ budget, amount }) => [budget, BigInt(amount)]));
  const problems = proposal.debits
    .filter(({ budget, amount }) => listed.get(budget) !== amount)
    .map(({ budget, amount }) => `budget ${budget} is to pay ${amount}; the file says ${listed.get(budget) ?? "nothing"}`);
  const spent = header.jobs.reduce((sum, { net, fee }) => sum + BigInt(net) + BigInt(fee), 0n);
  if (spent !== proposal.gross) problems.push(`the jobs of the file spent ${spent}, and the budgets are to pay ${proposal.gross}`);
  return problems;
}

type Leaves = ReadonlyMap<string, bigint>;

function checkLeaves(leaves: Leaves, before: Leaves, paid: Leaves | null): string[] {
  const problems: string[] = [];
  for (const [account, cumulative] of before) {
    const now = leaves.get(account);
    if (now === undefined) problems.push(`${account} has lost its leaf`);
    else if (now < cumulative) problems.push(`the leaf of ${account} fell from ${cumulative} to ${now}`);
  }
  return paid === null ? problems : [...problems, ...checkGains(leaves, before, paid)];
}

function checkGains(leaves: Leaves, before: Leaves, paid: Leaves): string[] {
  const problems: string[] = [];
  for (const [account, cumulative] of leaves) {
    const gain = cumulative - (before.get(account) ?? 0n);
    if (gain >= 0n && gain !== (paid.get(account) ?? 0n)) problems.push(`${account} is to get ${gain}; by the books it earned ${paid.get(account) ?? 0n}`);
  }
  for (const account of paid.keys()) if (!leaves.has(account)) problems.push(`${account} earned ${paid.get(account)} and has no leaf`);
  return problems;
}

function leavesOf(packed: Uint8Array): Map<string, bigint> {
  const leaves: Earning[] = Array.from({ length: countEarnings(packed) }, (_, index) => earningAt(packed, index));
  return new Map(leaves.map(({ account, cumulative }) => [account, cumulative]));
}
