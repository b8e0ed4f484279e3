import { type Address, type Hex, parseEventLogs } from "viem";
import { demoDollarAbi, demoDollarBytecode } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi, jobEscrowBytecode } from "#contracts/generated/job-escrow.ts";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import { type Chain, devAccount } from "./anvil.ts";

const [owner, operator, guardian, relayer] = [0, 1, 2, 3].map(devAccount) as [Account, Account, Account, Account];
type Account = ReturnType<typeof devAccount>;

const BUDGET_ID: Hex = `0x${"01".repeat(32)}`;
const ALL = 2n ** 79n;
const CHALLENGE_SECONDS = 60;

/** The contracts on a chain, with an owner whose budget pays every epoch. */
export async function deployPool(chain: Chain) {
  const token = await create(chain, { abi: demoDollarAbi, bytecode: demoDollarBytecode, args: [owner.address, ALL] });
  const settings = {
    token,
    admin: guardian.address,
    operator: operator.address,
    guardian: guardian.address,
    feeBps: 500,
    epochCap: ALL,
    outflowCapacity: ALL,
    minInterval: 0,
    challengeWindow: CHALLENGE_SECONDS,
    withdrawDelay: 10 * CHALLENGE_SECONDS,
    refillPeriod: 86_400,
  };
  const escrow = await create(chain, { abi: jobEscrowAbi, bytecode: jobEscrowBytecode, args: [settings] });
  const distributor = await chain.readContract({ address: escrow, abi: jobEscrowAbi, functionName: "distributor" });
  const write = { account: owner, chain: null };
  await mined(chain, chain.writeContract({ ...write, address: token, abi: demoDollarAbi, functionName: "approve", args: [escrow, ALL] }));
  await mined(chain, chain.writeContract({ ...write, address: escrow, abi: jobEscrowAbi, functionName: "fund", args: [BUDGET_ID, ALL / 2n, ALL] }));
  return { token, escrow, distributor, relayer, owner };
}

export type Pool = Awaited<ReturnType<typeof deployPool>>;

/** Makes a root claimable: proposes it for what its leaves add, waits for the window on the chain's own clock, finalizes. */
export async function publishRoot(chain: Chain, { escrow }: Pool, { root, total }: { root: Hex; total: bigint }): Promise<void> {
  const read = { address: escrow, abi: jobEscrowAbi };
  const settled = await chain.readContract({ ...read, functionName: "settledTotal" });
  const budget = await chain.readContract({ ...read, functionName: "keyOf", args: [owner.address, BUDGET_ID] });
  const debits = [{ budget, amount: total - settled }];
  await mined(chain, chain.writeContract({ ...read, account: operator, chain: null, functionName: "propose", args: [root, total, root, debits] }));
  await chain.increaseTime({ seconds: CHALLENGE_SECONDS });
  await mined(chain, chain.writeContract({ ...read, account: relayer, chain: null, functionName: "finalize" }));
}

/** The gas of one claim, sent by a relayer. Throws if it did not pay. */
export async function claimGas(chain: Chain, { distributor }: Pool, claim: { account: Address; cumulative: bigint; proof: Hex[] }): Promise<number> {
  const args = [claim.account, claim.cumulative, claim.proof] as const;
  return await gasOf(
    chain,
    distributor,
    chain.writeContract({ account: relayer, chain: null, address: distributor, abi: rewardDistributorAbi, functionName: "claim", args }),
  );
}

/** The gas of one batch. Throws if it did not pay everyone. */
export async function batchGas(chain: Chain, { distributor }: Pool, batch: { accounts: Address[]; cumulatives: bigint[]; proof: Hex[] }): Promise<number> {
  const args = [batch.accounts, batch.cumulatives, batch.proof] as const;
  const sent = chain.writeContract({ account: relayer, chain: null, address: distributor, abi: rewardDistributorAbi, functionName: "claimBatch", args });
  return await gasOf(chain, distributor, sent, batch.accounts.length);
}

async function gasOf(chain: Chain, distributor: Address, sent: Promise<Hex>, payees = 1): Promise<number> {
  const receipt = await mined(chain, sent);
  const logs = receipt.logs.filter(({ address }) => address.toLowerCase() === distributor.toLowerCase());
  const paid = parseEventLogs({ abi: rewardDistributorAbi, logs, eventName: "Claimed" }).length;
  if (paid !== payees) throw new Error(`${paid} of ${payees} payees were paid.`);
  return Number(receipt.gasUsed);
}

/** Creates a contract and resolves with its address. */
export async function create(chain: Chain, contract: { abi: readonly unknown[]; bytecode: Hex; args: readonly unknown[] }): Promise<Address> {
  const hash = await chain.deployContract({ account: owner, chain: null, ...contract } as Parameters<Chain["deployContract"]>[0]);
  const { contractAddress } = await mined(chain, Promise.resolve(hash));
  if (!contractAddress) throw new Error("The contract was not created.");
  return contractAddress;
}

/** The receipt of a transaction that succeeded. */
export async function mined(chain: Chain, sent: Promise<Hex>) {
  const receipt = await chain.waitForTransactionReceipt({ hash: await sent, timeout: 60_000 });
  if (receipt.status !== "success") throw new Error(`Transaction ${receipt.transactionHash} was reverted.`);
  return receipt;
}
