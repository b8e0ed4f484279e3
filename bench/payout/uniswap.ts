import { readFile } from "node:fs/promises";
import type { Address, Hex } from "viem";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { earningAt } from "#lib/domain/merkle/earnings.ts";
import { runProofOf } from "#lib/domain/merkle/proof.ts";
import { keccak256, keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import type { Chain } from "./anvil.ts";
import { create, mined, type Pool } from "./pool.ts";

const BUILD = new URL("../../node_modules/@uniswap/merkle-distributor/build/MerkleDistributor.json", import.meta.url);
const ABI = [
  {
    type: "constructor",
    inputs: [
      { name: "token", type: "address" },
      { name: "root", type: "bytes32" },
    ],
    stateMutability: "nonpayable",
  },
  {
    type: "function",
    name: "claim",
    inputs: [
      { name: "index", type: "uint256" },
      { name: "account", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "proof", type: "bytes32[]" },
    ],
    outputs: [],
    stateMutability: "nonpayable",
  },
] as const;

/**
 * Uniswap's published contract over the same list. A contract of it serves one distribution, so a later claim is the first of the next one: there
 * the payee holds the token, and another account of the same word of the bitmap has claimed before.
 */
export async function measureUniswap(chain: Chain, pool: Pool, { earnings, leaf }: { earnings: Uint8Array; leaf: number }) {
  const { bytecode } = JSON.parse(await readFile(BUILD, "utf8")) as { bytecode: Hex };
  const nodes = nodesOf(earnings);
  const root = hexOf(nodes.subarray(0, 32));
  const claimFrom = async (address: Address, index: number): Promise<number> => {
    const { account, cumulative } = earningAt(earnings, index);
    const proof = runProofOf({ nodes, leafCount: earnings.length / 32 }, { start: index, size: 1 }).map(hexOf);
    const args = [BigInt(index), account, cumulative, proof] as const;
    const receipt = await mined(chain, chain.writeContract({ account: pool.relayer, chain: null, address, abi: ABI, functionName: "claim", args }));
    return Number(receipt.gasUsed);
  };
  const deploy = async (): Promise<Address> => {
    const made = await create(chain, { abi: ABI, bytecode, args: [pool.token, root] });
    const args = [made, 1_000_000_000n] as const;
    await mined(chain, chain.writeContract({ account: pool.owner, chain: null, address: pool.token, abi: demoDollarAbi, functionName: "transfer", args }));
    return made;
  };
  const first = await claimFrom(await deploy(), leaf);
  const next = await deploy();
  await claimFrom(next, leaf + 1);
  return { first, later: await claimFrom(next, leaf) };
}

/** Uniswap's leaves are hashed once, with their index, and packed; its pairs are sorted as ours are. */
function nodesOf(earnings: Uint8Array): Uint8Array {
  const count = earnings.length / 32;
  const nodes = new Uint8Array((2 * count - 1) * 32);
  const leaf = new Uint8Array(84);
  const view = new DataView(leaf.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setUint32(28, index);
    leaf.set(earnings.subarray(index * 32, index * 32 + 20), 32);
    leaf.set(earnings.subarray(index * 32 + 20, index * 32 + 32), 72);
    nodes.set(keccak256(leaf), (2 * count - 2 - index) * 32);
  }
  for (let end = count - 1; end > 0; ) {
    const start = Math.floor(end / 2);
    keccakMerkleHasher.hashPairs(nodes.subarray((2 * start + 1) * 32, (2 * end + 1) * 32), nodes.subarray(start * 32, end * 32));
    end = start;
  }
  return nodes;
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
