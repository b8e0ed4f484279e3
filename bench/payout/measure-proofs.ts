import { join } from "node:path";
import { earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "#lib/domain/merkle/merkle-tree.ts";
import { isProofValid } from "#lib/domain/merkle/proof.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { getProof } from "#lib/protocol/payouts/payouts.ts";
import type { BenchDatabase } from "../exchange/bench-database.ts";
import { chooseDoor, type DoorKind } from "../exchange/doors.ts";
import { startMeasuredServer } from "../exchange/measured-server.ts";
import { openWorld, type World } from "../exchange/world.ts";
import { makeEarnings } from "./measure-root.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "drizzle");
const CHAIN_ID = 31_337;
const ESCROW = `0x${"ee".repeat(20)}`;

/** Paths that are followed to the root before anything is timed. */
const CHECKED = 50;

type Times = { p50Ms: number; p99Ms: number };
/** `nothing` is an answer that nothing is computed for: what the door and the machine take by themselves. */
type ProofTimes = { proof: Times; nothing: Times };

type Often = { warmUp: number; asked: number };
export type ProofLoad = Often & { leaves: number; kind: DoorKind };

/** How long a proof out of a tree of so many leaves takes over HTTP through that door, asked one after the other over one connection for addresses anywhere in it. */
export async function measureProofs(database: Pick<BenchDatabase, "withEmpty">, { leaves, kind, ...often }: ProofLoad): Promise<ProofTimes> {
  return await database.withEmpty(async ({ databaseUrl, folder }) => {
    const door = await chooseDoor(kind);
    const world = await openWorld({ databaseUrl, migrations: MIGRATIONS, blobFolder: folder, origin: door.origin, jobs: 0, devices: 0 });
    try {
      const packed = makeSorted(leaves);
      await storeEpoch(world, packed);
      const chain = { CHAIN_RPC_URL: "http://127.0.0.1:9", CHAIN_ID: String(CHAIN_ID), POOL_ESCROW: ESCROW };
      const app = await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...chain, ...door.env }, url: door.origin });
      try {
        return await askFor(door.origin, packed, often);
      } finally {
        await app.stop();
      }
    } finally {
      await world.close();
    }
  });
}

/** As an epoch stores them: by address. */
function makeSorted(leaves: number): Uint8Array {
  const packed = Buffer.from(makeEarnings(leaves).buffer);
  const rows = Array.from({ length: leaves }, (_, i) => packed.subarray(i * 32, i * 32 + 32)).sort(Buffer.compare);
  return new Uint8Array(Buffer.concat(rows));
}

async function storeEpoch({ services }: World, packed: Uint8Array): Promise<void> {
  const tree = buildMerkleTree(packed, keccakMerkleHasher);
  const store = async (bytes: Uint8Array) => {
    const stored = await services.blobs.put(once(bytes), { bytesMax: 2 ** 31 });
    if (!stored.ok) throw new Error("A blob was not stored.");
    return stored.sha256;
  };
  const [leavesSha256, nodesSha256] = [await store(packed), await store(tree.nodes)];
  await services.db`
    insert into pools (chain_id, escrow, distributor, token, token_name, token_symbol, fee_bps, min_interval_s, challenge_s, withdraw_delay_s, next_block, rescanned_to)
    values (${CHAIN_ID}, ${ESCROW}, ${ESCROW}, ${ESCROW}, 'Bench', 'BENCH', 0, 0, 1, 2, 0, 0)`;
  await services.db`
    insert into epochs (chain_id, no, state, cut_at, net_micro, fee_micro, total_micro, leaf_count, leaves_sha256, nodes_sha256, root)
    values (${CHAIN_ID}, 1, 'finalized', now(), 0, 0, 0, ${packed.length / 32}, ${leavesSha256}, ${nodesSha256}, ${toHex(rootOf(tree))})`;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function askFor(origin: string, packed: Uint8Array, often: Often): Promise<ProofTimes> {
  const leaves = packed.length / 32;
  const ask = async (i: number) => {
    const earning = earningAt(packed, (i * 7_919) % leaves);
    const answer = await fetch(`${origin}${getProof.path.replace("{address}", earning.account)}`);
    const { cumulativeMicro, root, proof } = (await answer.json()) as { cumulativeMicro: string; root: string; proof: string[] };
    if (cumulativeMicro !== String(earning.cumulative)) throw new Error(`${earning.account} got another amount: ${cumulativeMicro}`);
    return () => isProofValid(bytesOf(root), earning, proof.map(bytesOf), keccakMerkleHasher);
  };
  for (let i = 0; i < CHECKED; i += 1) if (!(await ask(i))()) throw new Error("A path does not lead to the root.");
  const proof = await timed(often, async (i) => void (await ask(i)));
  const nothing = await timed(often, async () => void (await (await fetch(`${origin}/api/nothing`)).arrayBuffer()));
  return { proof, nothing };
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}

async function timed({ warmUp, asked }: Often, ask: (i: number) => Promise<void>): Promise<Times> {
  const times: number[] = [];
  for (let i = 0; i < warmUp + asked; i += 1) {
    const startMs = performance.now();
    await ask(i);
    if (i >= warmUp) times.push(performance.now() - startMs);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}
