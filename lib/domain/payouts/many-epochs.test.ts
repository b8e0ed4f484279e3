import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keccakMerkleHasher as hasher } from "#lib/hash/keccak/keccak256.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { feeOn, replicaCost } from "../ledger/money.ts";
import { type Earning, earningAt, packEarnings, toHex } from "../merkle/earnings.ts";
import { buildMerkleTree, type MerkleTree, rootOf } from "../merkle/merkle-tree.ts";
import { isProofValid, proofOf } from "../merkle/proof.ts";
import { encodeEpochHeader, readEpochFile } from "./epoch-file.ts";
import { mergeLeaves } from "./merge-leaves.ts";
import { type Debit, drawDebits, type Means, planEpoch } from "./plan-epoch.ts";
import { type Proposal, verifyEpoch } from "./verify-epoch.ts";

/*
 * Many lives of money, decided by the functions that decide it in the product; what they decide about is kept here, as books and contracts keep it. Every unit that came in is
 * at any time in a budget, in the distributor, with the platform, or in a wallet, and the books promise neither more nor less than there is.
 */
const FEE_BPS = 500;
const [OWNERS, JOBS, ACCOUNTS] = [2, 3, 5];
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n);
const account = (n: number): `0x${string}` => `0x${(n * 7919 + 1).toString(16).padStart(40, "0")}`;
const add = <K>(map: Map<K, bigint>, key: K, amount: bigint) => void map.set(key, (map.get(key) ?? 0n) + amount);

type Job = {
  jobId: string;
  ownerId: string;
  priceMicro: bigint;
  escrow: bigint;
  reserve: bigint;
  fee: bigint;
  pending: Map<number, bigint>;
  earned: Map<number, bigint>;
};
type Taken = { job: Job; paid: Map<number, bigint>; fee: bigint };
type Epoch = { taken: Taken[]; debits: Debit[]; file: Uint8Array; proposal: Proposal; tree: MerkleTree; leaves: Earning[] };

class Life {
  readonly budgets = new Map<string, bigint>();
  readonly available = new Map<string, bigint>();
  readonly jobs: Job[] = [];
  readonly wallets = new Map<number, bigint>();
  readonly claimed = new Map<number, bigint>();
  came = 0n;
  left = 0n;
  fees = 0n;
  distributor = 0n;
  settledTotal = 0n;
  last: Epoch | null = null;
  pending: Epoch | null = null;

  constructor() {
    for (let j = 0; j < JOBS; j += 1) {
      const empty = { escrow: 0n, reserve: 0n, fee: 0n, pending: new Map(), earned: new Map() };
      this.jobs.push({ jobId: `job ${j}`, ownerId: `owner ${j % OWNERS}`, priceMicro: BigInt(j * 333 + 1), ...empty });
    }
  }

  deposit(owner: number, amount: bigint): void {
    this.came += amount;
    add(this.budgets, `owner ${owner}`, amount);
    add(this.available, `owner ${owner}`, amount);
  }

  reserve(job: Job, amount: bigint): void {
    if ((this.available.get(job.ownerId) ?? 0n) < amount) return;
    add(this.available, job.ownerId, -amount);
    job.escrow += amount;
  }

  settle(job: Job, device: number, isVested: boolean): void {
    const cost = replicaCost(job.priceMicro, FEE_BPS);
    if (job.escrow < cost) return;
    job.escrow -= cost;
    job.fee += feeOn(job.priceMicro, FEE_BPS);
    add(isVested ? job.earned : job.pending, device, job.priceMicro);
  }

  decide(job: Job, device: number, isForfeited: boolean): void {
    const amount = job.pending.get(device) ?? 0n;
    job.pending.delete(device);
    if (isForfeited) job.reserve += amount;
    else add(job.earned, device, amount);
  }

  /** What a job does not spend returns, and what can leave the contract does. */
  refund(job: Job): void {
    add(this.available, job.ownerId, job.escrow);
    job.escrow = 0n;
    const out = this.available.get(job.ownerId) ?? 0n;
    if (this.pending || out === 0n) return;
    add(this.available, job.ownerId, -out);
    add(this.budgets, job.ownerId, -out);
    expect(this.budgets.get(job.ownerId)).toBeGreaterThanOrEqual(0n);
    this.left += out;
  }

  means(capMicro: bigint): Means {
    const sources = [...this.budgets].map(([key, takeableMicro]) => ({ key, accountId: key, takeableMicro }));
    return { sources, granted: new Map(), sponsorId: null, capMicro, feeBps: FEE_BPS };
  }

  /** Cuts an epoch, builds it twice as a process does that died in between, and proposes it. */
  async propose(capMicro: bigint): Promise<void> {
    if (this.pending) return;
    const candidates = this.jobs.map(({ jobId, ownerId, earned, fee }) => ({ jobId, ownerId, netMicro: sum(earned.values()), feeMicro: fee }));
    const means = this.means(capMicro);
    const taken = planEpoch(candidates, means).map((take): Taken => {
      const job = this.jobs.find(({ jobId }) => jobId === take.jobId) as Job;
      const paid = new Map([...job.earned].map(([device, amount]) => [device, (amount * take.share) / take.whole] as const).filter(([, part]) => part > 0n));
      return { job, paid, fee: paid.size > 0 ? take.feeMicro : 0n };
    });
    const paying = taken.filter(({ paid }) => paid.size > 0);
    if (paying.length === 0) return;
    const spent = paying.map(({ job, paid, fee }) => [job.ownerId, sum(paid.values()) + fee] as const);
    const debits = drawDebits(spent, means);
    for (const { job, paid, fee } of paying) {
      for (const [device, part] of paid) add(job.earned, device, -part);
      job.fee -= fee;
    }
    const [built, again] = [await this.build(paying, debits), await this.build(paying, debits)];
    expect(Buffer.from(again.file)).toEqual(Buffer.from(built.file));
    this.accept(built, capMicro);
  }

  async build(taken: Taken[], debits: Debit[]): Promise<Epoch> {
    const paid = this.paidBy(taken);
    const rows = [...paid].map(([n, cumulative]) => ({ account: account(n), cumulative })).sort((a, b) => (a.account < b.account ? -1 : 1));
    const before = this.last ? packEarnings(this.last.leaves) : new Uint8Array();
    const leaves: Earning[] = [];
    for await (const piece of mergeLeaves(stream(before), stream(...rows))) for (let i = 0; i < piece.length / 32; i += 1) leaves.push(earningAt(piece, i));
    const packed = packEarnings(leaves);
    const tree = buildMerkleTree(packed, hasher);
    const [total, fee] = [sum(leaves.map(({ cumulative }) => cumulative)), sum(taken.map((take) => take.fee))];
    const head = {
      version: 1 as const,
      chainId: 1,
      escrow: "",
      distributor: "",
      token: "",
      epoch: 1,
      previous: null,
      root: toHex(rootOf(tree)),
      leafCount: leaves.length,
    };
    const money = { cumulativeTotal: String(total), net: String(total - this.settledTotal), fee: String(fee) };
    const jobs = taken.map(({ job, paid: ofJob, fee: part }) => ({ job: job.jobId, net: String(sum(ofJob.values())), fee: String(part) }));
    const listed = debits.map(({ key, amountMicro }) => ({ budget: key, amount: String(amountMicro) }));
    const file = Uint8Array.from([...encodeEpochHeader({ ...head, ...money, jobs, debits: listed }), ...packed]);
    const gross = sum(debits.map(({ amountMicro }) => amountMicro));
    const proposed = debits.map(({ key, amountMicro }) => ({ budget: key, amount: amountMicro }));
    const proposal = { root: head.root, dataHash: `0x${sha256(file)}`, cumulativeTotal: total, gross, fee, debits: proposed, settledTotal: this.settledTotal };
    return { taken, debits, file, proposal, tree, leaves };
  }

  paidBy(taken: readonly Taken[]): Map<number, bigint> {
    const paid = new Map<number, bigint>();
    for (const take of taken) for (const [device, part] of take.paid) add(paid, device % ACCOUNTS, part);
    return paid;
  }

  /** What the contract and the guardian ask of a proposal. */
  accept(epoch: Epoch, capMicro: bigint): void {
    const { proposal, debits, file } = epoch;
    for (const { key, amountMicro } of debits) {
      expect(amountMicro).toBeLessThanOrEqual(this.budgets.get(key) ?? 0n);
      add(this.budgets, key, -amountMicro);
    }
    expect(proposal.gross).toBeLessThanOrEqual(capMicro);
    expect(proposal.fee * 10_000n).toBeLessThanOrEqual(proposal.gross * BigInt(FEE_BPS));
    const paid = new Map([...this.paidBy(epoch.taken)].map(([n, amount]) => [account(n), amount]));
    expect(verifyEpoch({ file, previous: this.last?.file ?? null, proposal, paid }, { hasher, sha256 })).toEqual([]);
    this.pending = epoch;
  }

  end(isVetoed: boolean): void {
    const epoch = this.pending;
    if (!epoch) return;
    this.pending = null;
    if (isVetoed) {
      for (const { key, amountMicro } of epoch.debits) add(this.budgets, key, amountMicro);
      for (const { job, paid, fee } of epoch.taken) {
        for (const [device, part] of paid) add(job.earned, device, part);
        job.fee += fee;
      }
      return;
    }
    this.distributor += epoch.proposal.gross - epoch.proposal.fee;
    this.fees += epoch.proposal.fee;
    this.settledTotal = epoch.proposal.cumulativeTotal;
    this.last = epoch;
  }

  /** Somebody claims with the proof of the last root; one that the chain takes back is sent again. */
  claim(n: number, isTakenBack: boolean): void {
    if (!this.last) return;
    const { packed } = readEpochFile(this.last.file);
    const index = this.last.leaves.findIndex((leaf) => leaf.account === account(n));
    if (index === -1) return;
    const leaf = earningAt(packed, index);
    const proof = proofOf(this.last.tree, index);
    expect(isProofValid(rootOf(this.last.tree), leaf, proof, hasher)).toBe(true);
    expect(isProofValid(rootOf(this.last.tree), { ...leaf, cumulative: leaf.cumulative + 1n }, proof, hasher)).toBe(false);
    expect(isProofValid(rootOf(this.last.tree), { ...leaf, account: account(n + 1) }, proof, hasher)).toBe(false);
    const due = leaf.cumulative - (this.claimed.get(n) ?? 0n);
    if (isTakenBack || due === 0n) return;
    this.claimed.set(n, leaf.cumulative);
    this.distributor -= due;
    add(this.wallets, n, due);
  }

  /** Money that came is where it can be seen, and the books promise exactly what there is. */
  expectConserved(): void {
    const onItsWay = this.pending?.proposal.gross ?? 0n;
    expect(sum(this.budgets.values()) + onItsWay + this.distributor + this.fees + sum(this.wallets.values()) + this.left).toBe(this.came);
    expect(this.distributor).toBeGreaterThanOrEqual(0n);
    for (const [owner, held] of this.budgets) {
      const own = this.jobs.filter(({ ownerId }) => ownerId === owner);
      const promised = own.flatMap((job) => [job.escrow, job.reserve, job.fee, ...job.pending.values(), ...job.earned.values()]);
      expect(sum(promised) + (this.available.get(owner) ?? 0n)).toBe(held);
    }
    for (let n = 0; n < ACCOUNTS; n += 1) expect(this.claimed.get(n) ?? 0n).toBe(this.wallets.get(n) ?? 0n);
  }
}

async function* stream<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

const amount = fc.bigInt({ min: 1n, max: 100_000n });
const job = fc.nat(JOBS - 1);
const device = fc.nat(ACCOUNTS * 2 - 1);
const act = fc.oneof(
  fc.record({ kind: fc.constant("deposit" as const), owner: fc.nat(OWNERS - 1), amount }),
  fc.record({ kind: fc.constant("reserve" as const), job, amount }),
  fc.record({ kind: fc.constant("settle" as const), job, device, isVested: fc.boolean(), times: fc.nat(6) }),
  fc.record({ kind: fc.constant("decide" as const), job, device, isForfeited: fc.boolean() }),
  fc.record({ kind: fc.constant("refund" as const), job }),
  fc.record({ kind: fc.constant("propose" as const), cap: fc.bigInt({ min: 1n, max: 20_000n }) }),
  fc.record({ kind: fc.constant("end" as const), isVetoed: fc.boolean() }),
  fc.record({ kind: fc.constant("claim" as const), account: fc.nat(ACCOUNTS - 1), isTakenBack: fc.boolean() }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function perform(life: Life, step: Act): Promise<void> {
  const jobOf = (n: number) => life.jobs[n] as Job;
  switch (step.kind) {
    case "deposit":
      return life.deposit(step.owner, step.amount);
    case "reserve":
      return life.reserve(jobOf(step.job), step.amount);
    case "settle":
      for (let i = 0; i <= step.times; i += 1) life.settle(jobOf(step.job), step.device, step.isVested);
      return;
    case "decide":
      return life.decide(jobOf(step.job), step.device, step.isForfeited);
    case "refund":
      return life.refund(jobOf(step.job));
    case "propose":
      return await life.propose(step.cap);
    case "end":
      return life.end(step.isVetoed);
    case "claim":
      return life.claim(step.account, step.isTakenBack);
  }
}

test("whatever happens in whatever order, nothing is paid twice, nothing disappears, and the guardian objects to no honest epoch", async () => {
  const numRuns = atSize(500, 10_000);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), async (steps) => {
      const life = new Life();
      life.deposit(0, 50_000n);
      life.deposit(1, 50_000n);
      for (const step of steps) {
        await perform(life, step);
        life.expectConserved();
      }
    }),
    { numRuns },
  );
}, 900_000);
