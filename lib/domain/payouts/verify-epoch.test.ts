import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keccakMerkleHasher } from "../../hash/keccak/keccak256.ts";
import { type Earning, packEarnings, toHex } from "../merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "../merkle/merkle-tree.ts";
import { type EpochHeader, encodeEpochHeader } from "./epoch-file.ts";
import { type Evidence, type Proposal, recomputeEpoch, verifyEpoch } from "./verify-epoch.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const means = { hasher: keccakMerkleHasher, sha256 };
const account = (n: number): `0x${string}` => `0x${n.toString(16).padStart(40, "0")}`;
const leaf = (n: number, cumulative: bigint): Earning => ({ account: account(n), cumulative });

type Shape = { leaves: Earning[]; debit?: bigint; jobs?: bigint; total?: bigint; fee?: bigint; settled: bigint };

/** A proposal and its file as an operator makes them who follows the shape, however false it is, in everything. */
function propose(shape: Shape): { file: Uint8Array; proposal: Proposal } {
  const packed = packEarnings(shape.leaves);
  const fee = shape.fee ?? 5n;
  const total = shape.total ?? shape.leaves.reduce((sum, { cumulative }) => sum + cumulative, 0n);
  const gross = shape.debit ?? total - shape.settled + fee;
  const root = toHex(rootOf(buildMerkleTree(packed, keccakMerkleHasher)));
  const header: EpochHeader = {
    version: 1,
    chainId: 1,
    escrow: "0xe",
    distributor: "0xd",
    token: "0xt",
    epoch: 2,
    previous: null,
    root,
    leafCount: shape.leaves.length,
    cumulativeTotal: String(total),
    net: String(total - shape.settled),
    fee: String(fee),
    debits: [{ budget: "0xb", amount: String(gross) }],
    jobs: [{ job: "job_1", net: String((shape.jobs ?? gross) - fee), fee: String(fee) }],
  };
  const file = Uint8Array.from([...encodeEpochHeader(header), ...packed]);
  return {
    file,
    proposal: {
      root,
      dataHash: `0x${sha256(file)}`,
      cumulativeTotal: total,
      gross,
      fee,
      debits: [{ budget: "0xb", amount: gross }],
      settledTotal: shape.settled,
    },
  };
}

const previous = propose({ leaves: [leaf(1, 100n), leaf(3, 50n)], settled: 0n }).file;
const paid = new Map([
  [account(1), 20n],
  [account(2), 30n],
]);
const honest = propose({ leaves: [leaf(1, 120n), leaf(2, 30n), leaf(3, 50n)], settled: 150n });
const evidence = (change: Partial<Evidence> = {}): Evidence => ({ ...honest, previous, paid, ...change });

test("an honest epoch is not objected to, with the books and without", () => {
  expect(verifyEpoch(evidence(), means)).toEqual([]);
  expect(verifyEpoch(evidence({ paid: null }), means)).toEqual([]);
  expect(verifyEpoch({ ...propose({ leaves: [leaf(1, 100n)], settled: 0n }), previous: null, paid: null }, means)).toEqual([]);
});

const headerOf = (file: Uint8Array) => new TextDecoder().decode(file.subarray(0, file.indexOf(10)));

/** The honest file with another first line, and a proposal that stands by it. */
function withHeader(line: string): Evidence {
  const leaves = JSON.parse(line).leafCount === 0 ? new Uint8Array() : honest.file.subarray(honest.file.indexOf(10) + 1);
  const file = Uint8Array.from([...new TextEncoder().encode(`${line}\n`), ...leaves]);
  return evidence({ file, proposal: { ...honest.proposal, dataHash: `0x${sha256(file)}` } });
}

describe("every seeded fraud is named", () => {
  const shape = (change: Partial<Shape>) => evidence(propose({ leaves: [leaf(1, 120n), leaf(2, 30n), leaf(3, 50n)], settled: 150n, ...change }));
  test.each<[string, Evidence, string]>([
    [
      "an inflated leaf, with totals and debits to match",
      shape({ leaves: [leaf(1, 120n), leaf(2, 930n), leaf(3, 50n)] }),
      "is to get 930; by the books it earned 30",
    ],
    ["an account of nobody who earned", shape({ leaves: [leaf(1, 120n), leaf(2, 30n), leaf(3, 50n), leaf(9, 7n)] }), "is to get 7; by the books it earned 0"],
    ["a dropped account", shape({ leaves: [leaf(1, 120n), leaf(2, 80n)] }), "has lost its leaf"],
    ["a lowered leaf", shape({ leaves: [leaf(1, 90n), leaf(2, 60n), leaf(3, 50n)] }), "fell from 100 to 90"],
    ["a wrong total", shape({ total: 300n }), "sum to 200, not to the proposed 300"],
    ["a budget that pays more than was spent", shape({ debit: 500n, jobs: 55n }), "the jobs of the file spent 55, and the budgets are to pay 500"],
    ["a debit that the file does not name", evidence({ proposal: { ...honest.proposal, debits: [{ budget: "0xc", amount: 55n }] } }), "the file says nothing"],
    ["a file whose first line is true JSON and no header", withHeader('{"version":1,"leafCount":0}'), "is no file of an epoch"],
    ["a header whose amounts are no numbers", withHeader(headerOf(honest.file).replace('"amount":"', '"amount":"x')), "is no file of an epoch"],
    ["a file before it that is none", evidence({ previous: Uint8Array.of(1, 2, 3) }), "is no file of an epoch"],
    ["a file with another hash", evidence({ file: previous }), "has the SHA-256"],
    ["an account with two leaves", shape({ leaves: [leaf(1, 120n), leaf(1, 30n), leaf(3, 50n)] }), "has two leaves"],
    ["leaves that are not sorted", shape({ leaves: [leaf(2, 30n), leaf(1, 120n), leaf(3, 50n)] }), "not sorted"],
    ["another root than that of the leaves", evidence({ proposal: { ...honest.proposal, root: `0x${"12".repeat(32)}` } }), "not the proposed 0x1212"],
  ])("%s", (_, seeded, expected) => {
    expect(verifyEpoch(seeded, means).join("; ")).toContain(expected);
  });
});

test("a public file alone gives its root and total, and one with an account twice, in disorder or cut off is none", () => {
  expect(recomputeEpoch(honest.file, keccakMerkleHasher)).toMatchObject({ root: honest.proposal.root, leafCount: 3, totalMicro: 200n });
  const again = (leaves: Earning[]) => () => recomputeEpoch(propose({ leaves, settled: 0n }).file, keccakMerkleHasher);
  expect(again([leaf(1, 5n), leaf(1, 9n)])).toThrow("two leaves");
  expect(again([leaf(2, 5n), leaf(1, 9n)])).toThrow("not sorted");
  expect(() => recomputeEpoch(honest.file.subarray(0, -1), keccakMerkleHasher)).toThrow("leaves");
});
