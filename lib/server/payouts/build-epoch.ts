import "server-only";
import { EARNING_BYTES, type Earning, earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "#lib/domain/merkle/merkle-tree.ts";
import { encodeEpochHeader } from "#lib/domain/payouts/epoch-file.ts";
import { mergeLeaves } from "#lib/domain/payouts/merge-leaves.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import type { Pool } from "../chain/pool-store.ts";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { listDebits, listEpochJobs, listPaid } from "./epoch-posting-store.ts";
import { setFile, setLeaves, setTree } from "./epoch-step-store.ts";
import { type Epoch, findFinalizedEpoch } from "./epoch-store.ts";

const PAGE_ACCOUNTS = 5000;
/** A hundred million accounts. */
const BYTES_MAX = 2 ** 33;

/** Lists what each account has earned in all: the leaves of the last finalized epoch, raised by what this one pays. */
export async function writeLeaves(services: Services, epoch: Epoch): Promise<void> {
  const { db, blobs } = services;
  const before = await findFinalizedEpoch(db, epoch.chainId, epoch.no);
  const tally = { count: 0, totalMicro: 0n };
  const old = before?.leavesSha256 ? blobs.read(before.leavesSha256) : none();
  const stored = await blobs.put(counted(mergeLeaves(old, paidBy(db, epoch)), tally), { bytesMax: BYTES_MAX });
  const expected = (before?.totalMicro ?? 0n) + epoch.netMicro;
  if (!stored.ok || tally.totalMicro !== expected) throw new Error(`the leaves of epoch ${epoch.no} sum to ${tally.totalMicro}, not to ${expected}`);
  await transaction(db, (tx) => setLeaves(tx, epoch.chainId, { no: epoch.no, sha256: stored.sha256, ...tally }));
}

/** Builds the tree over the leaves and keeps all its nodes, from which proofs are read. */
export async function writeTree(services: Services, epoch: Epoch): Promise<void> {
  const packed = await services.blobs.readBytes(known(epoch.leavesSha256));
  const tree = buildMerkleTree(packed, keccakMerkleHasher);
  const stored = await services.blobs.put(once(tree.nodes), { bytesMax: BYTES_MAX });
  if (!stored.ok) throw new Error(`the tree of epoch ${epoch.no} could not be stored`);
  await transaction(services.db, (tx) => setTree(tx, epoch.chainId, { no: epoch.no, sha256: stored.sha256, root: toHex(rootOf(tree)) }));
}

/** Writes the public file: its header, then the leaves. The same inputs give the same bytes, so a repeat finds it there. */
export async function writeFile(services: Services, { pool, epoch }: { pool: Pool; epoch: Epoch }): Promise<void> {
  const { db, blobs } = services;
  const before = await findFinalizedEpoch(db, epoch.chainId, epoch.no);
  const [debits, jobs] = await Promise.all([listDebits(db, epoch.chainId, epoch.no), listEpochJobs(db, epoch.chainId, epoch.no)]);
  const header = encodeEpochHeader({
    version: 1,
    chainId: pool.chainId,
    escrow: pool.escrow,
    distributor: pool.distributor,
    token: pool.token,
    epoch: epoch.no,
    previous: before?.fileSha256 ? { epoch: before.no, fileSha256: before.fileSha256 } : null,
    root: known(epoch.root),
    leafCount: epoch.leafCount ?? 0,
    cumulativeTotal: String(epoch.totalMicro ?? 0n),
    net: String(epoch.netMicro),
    fee: String(epoch.feeMicro),
    debits: debits.map(({ budget, amount }) => ({ budget, amount: String(amount) })),
    jobs: jobs.map(({ jobId, netMicro, feeMicro }) => ({ job: jobId, net: String(netMicro), fee: String(feeMicro) })),
  });
  const stored = await blobs.put(chained(header, blobs.read(known(epoch.leavesSha256))), { bytesMax: BYTES_MAX });
  if (!stored.ok) throw new Error(`the file of epoch ${epoch.no} could not be stored`);
  await transaction(db, (tx) => setFile(tx, epoch.chainId, { no: epoch.no, sha256: stored.sha256 }));
}

async function* paidBy(reader: Reader, { chainId, no }: Epoch): AsyncGenerator<Earning> {
  for (let after = ""; ; ) {
    const page = await listPaid(reader, chainId, { no, after, limit: PAGE_ACCOUNTS });
    for (const { account, amountMicro } of page) yield { account, cumulative: amountMicro };
    if (page.length < PAGE_ACCOUNTS) return;
    after = page.at(-1)?.account ?? "";
  }
}

async function* counted(pieces: AsyncIterable<Uint8Array>, tally: { count: number; totalMicro: bigint }): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const leaves = piece.length / EARNING_BYTES;
    for (let index = 0; index < leaves; index += 1) tally.totalMicro += earningAt(piece, index).cumulative;
    tally.count += leaves;
    yield piece;
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* chained(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function known<T>(value: T | null): T {
  if (value === null) throw new Error("an epoch lacks what its state promises");
  return value;
}
