import { benchFolder } from "#bench/bench-folder.ts";
import { countEarnings, earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "#lib/domain/merkle/merkle-tree.ts";
import { batchOrder, firstRunStart, proofOf, runProofOf } from "#lib/domain/merkle/proof.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { type BenchDatabase, startBenchDatabase } from "../exchange/bench-database.ts";
import { type DoorKind, isAppBuilt } from "../exchange/doors.ts";
import { type BenchRow, printReport } from "../report.ts";
import { startAnvil } from "./anvil.ts";
import { measureLedger } from "./measure-ledger.ts";
import { measureProofs } from "./measure-proofs.ts";
import { makeEarnings, measureOpenZeppelin, measureOurs } from "./measure-root.ts";
import { batchGas, claimGas, deployPool, publishRoot } from "./pool.ts";
import { measureUniswap } from "./uniswap.ts";

/*
 * `npm run bench:payout`: the root of a million leaves, the same beside OpenZeppelin's library for as many as it can do in reasonable time, and the
 * gas of claims from a real tree of a million on anvil, beside Uniswap's contract on the same chain; how fast the books take settlements on a durable database, how long a balance
 * over a million postings takes, and a proof over HTTP from the gateway and from the built app. `--only trees`, `--only ledger` and `--only proofs`
 * run a part.
 */
const LEAVES = 1_000_000;
const PEER_LEAVES = 100_000;
const BATCH = 128;
const LEAF = 777_216;

async function measureGas() {
  const { client, stop } = await startAnvil();
  try {
    const pool = await deployPool(client);
    const rounds = [];
    for (const round of [1, 2]) {
      const earnings = makeEarnings(LEAVES, round);
      const tree = buildMerkleTree(earnings, keccakMerkleHasher);
      await publishRoot(client, pool, { root: toHex(rootOf(tree)), total: totalOf(earnings) });
      const run = { start: firstRunStart(LEAVES, BATCH) + BATCH, size: BATCH };
      const members = batchOrder(run).map((leaf) => earningAt(earnings, leaf));
      rounds.push({
        own: await claimGas(client, pool, { ...earningAt(earnings, LEAF), proof: proofOf(tree, LEAF).map(toHex) }),
        batch: await batchGas(client, pool, {
          accounts: members.map(({ account }) => account),
          cumulatives: members.map(({ cumulative }) => cumulative),
          proof: runProofOf(tree, run).map(toHex),
        }),
      });
    }
    // A leaf whose payee has no token yet.
    const uniswap = await measureUniswap(client, pool, { earnings: makeEarnings(LEAVES), leaf: LEAF + 1_024 });
    const [first, later] = rounds;
    if (!(first && later)) throw new Error("Nothing was claimed.");
    return { first, later, uniswap };
  } finally {
    await stop();
  }
}

function totalOf(earnings: Uint8Array): bigint {
  const view = new DataView(earnings.buffer);
  let total = 0n;
  for (let index = 0; index < countEarnings(earnings); index += 1) total += view.getBigUint64(index * 32 + 24);
  return total;
}

const row = (name: string, unit: string, value: number, peer: number | null, target: number | null) => {
  return { name, value, unit, peer, ratio: peer === null ? null : value / peer, target };
};

async function treeRows(): Promise<BenchRow[]> {
  const million = measureOurs(LEAVES);
  const ours = measureOurs(PEER_LEAVES);
  const peer = measureOpenZeppelin(PEER_LEAVES);
  const gas = await measureGas();
  return [
    row("build-1M-s", "CPU s", million, null, 1.5),
    row("build-100k-s", "CPU s", ours, peer, null),
    row("build-ratio-vs-openzeppelin", "OpenZeppelin ÷ ours", peer / ours, null, 20),
    row("claim-gas/first-1M", "gas", gas.first.own, gas.uniswap.first, null),
    row("claim-gas/later-1M", "gas", gas.later.own, gas.uniswap.later, 70_000),
    row("batch-gas-per-payee/first", "gas", gas.first.batch / BATCH, gas.uniswap.first, null),
    row("batch-gas-per-payee", "gas", gas.later.batch / BATCH, gas.uniswap.later, 19_500),
  ];
}

type Part = "trees" | "ledger" | "proofs";

async function ledgerRows(database: BenchDatabase): Promise<BenchRow[]> {
  const ledger = await measureLedger(database);
  return [
    row("settled-per-s/8-jobs", "replicas/s", ledger.settledPerS, null, 5000),
    row("settled-per-s/1-job", "replicas/s", ledger.settledOneJobPerS, null, 5000),
    row("balance-1M-postings/first", "ms", ledger.balanceFirstMs, null, null),
    row("balance-1M-postings", "ms", ledger.balanceMs, null, 50),
  ];
}

/** Beside each time stands that of an answer that holds nothing, through the same door in the same run. */
async function proofRows(database: BenchDatabase): Promise<BenchRow[]> {
  const through = async (kind: DoorKind, p99Target: number | null) => {
    const { proof, nothing } = await measureProofs(database, { leaves: LEAVES, kind, warmUp: 200, asked: 3000 });
    return [row(`proof-http-p50/${kind}`, "ms", proof.p50Ms, nothing.p50Ms, null), row(`proof-http-p99/${kind}`, "ms", proof.p99Ms, nothing.p99Ms, p99Target)];
  };
  const rows = await through("gateway", 5);
  if (isAppBuilt()) return [...rows, ...(await through("next", null))];
  console.error("Proofs from the app itself are left out: there is no built app; npm run build makes one.");
  return rows;
}

async function bookRows(isAsked: (part: Part) => boolean): Promise<{ rows: BenchRow[]; facts: Record<string, string> }> {
  const database = await startBenchDatabase(benchFolder());
  try {
    const ledger = isAsked("ledger") ? await ledgerRows(database) : [];
    const proofs = isAsked("proofs") ? await proofRows(database) : [];
    return { rows: [...ledger, ...proofs], facts: database.facts };
  } finally {
    await database.stop();
  }
}

const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : null;
const isAsked = (part: Part) => only === null || only === part;
const trees = isAsked("trees") ? await treeRows() : [];
const books = isAsked("ledger") || isAsked("proofs") ? await bookRows(isAsked) : { rows: [], facts: {} };
const facts = { ...books.facts, "OpenZeppelin measured at": `${PEER_LEAVES.toLocaleString("en")} leaves`, "gas beside": "Uniswap MerkleDistributor 1.0.1" };
printReport({ bench: "payout", rows: [...trees, ...books.rows], facts }, { json: process.argv.includes("--json") });
