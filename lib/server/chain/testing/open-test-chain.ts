import "server-only";
import { type Address, createTestClient, type Hex, http, publicActions, walletActions } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { demoDollarAbi, demoDollarBytecode } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi, jobEscrowBytecode } from "#contracts/generated/job-escrow.ts";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import { startAnvil } from "../../accounts/testing/start-anvil.ts";
import type { PoolConfig } from "../../config/chain-config.ts";
import type { Config } from "../../config/config.ts";

/** anvil's own development phrase: its accounts hold play money on every anvil chain. */
const MNEMONIC = "test test test test test test test test test test test junk";
const CHAIN_ID = 31_337;
const CHALLENGE_S = 60;
const WITHDRAW_DELAY_S = 600;
const FEE_BPS = 500;
const LOT = 2n ** 70n;
const STANDING: Hex = `0x${"00".repeat(32)}`;

export function devAccount(addressIndex: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex });
}
type DevAccount = ReturnType<typeof devAccount>;
const [admin, operator, guardian, sponsor] = [0, 1, 2, 3].map(devAccount) as [DevAccount, DevAccount, DevAccount, DevAccount];

export type TestChain = Awaited<ReturnType<typeof openTestChain>>;

/** Windows of a minute and caps that nobody reaches. */
const termsOf = (token: Address) => ({
  token,
  admin: admin.address,
  operator: operator.address,
  guardian: guardian.address,
  feeBps: FEE_BPS,
  epochCap: LOT,
  outflowCapacity: LOT,
  minInterval: 0,
  challengeWindow: CHALLENGE_S,
  withdrawDelay: WITHDRAW_DELAY_S,
  refillPeriod: 86_400,
});

/** A chain of its own with the contracts on it, and people who use them. Accounts 0 to 3 are admin, operator, guardian and sponsor. */
export async function openTestChain(settings: Partial<PoolConfig> = {}, chainId = CHAIN_ID) {
  const anvil = await startAnvil(chainId);
  const client = createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);
  const mined = async (hash: Promise<Hex>) => {
    const receipt = await client.waitForTransactionReceipt({ hash: await hash, timeout: 30_000 });
    if (receipt.status !== "success") throw new Error(`transaction ${receipt.transactionHash} was reverted`);
    return receipt;
  };
  const create = async (contract: { abi: readonly unknown[]; bytecode: Hex; args: readonly unknown[] }): Promise<Address> =>
    (await mined(client.deployContract({ account: admin, chain: null, ...contract } as Parameters<typeof client.deployContract>[0])))
      .contractAddress as Address;
  const token = await create({ abi: demoDollarAbi, bytecode: demoDollarBytecode, args: [admin.address, LOT] });
  const escrow = await create({ abi: jobEscrowAbi, bytecode: jobEscrowBytecode, args: [termsOf(token)] });
  const distributor = await client.readContract({ address: escrow, abi: jobEscrowAbi, functionName: "distributor" });
  const write = (account: DevAccount) => ({ account, chain: null }) as const;
  const pool: PoolConfig = {
    escrow: escrow.toLowerCase() as Hex,
    startBlock: 0,
    confirmations: 1,
    logBlocks: 50,
    chainName: "Test chain",
    coin: "TST",
    explorerUrl: null,
    operatorKey: `0x${Buffer.from(operator.getHdKey().privateKey ?? []).toString("hex")}`,
    sponsor: sponsor.address.toLowerCase() as Hex,
    reserve: admin.address.toLowerCase() as Hex,
    relayer: null,
    epochEveryS: 1,
    faucetKey: null,
    ...settings,
  };
  return {
    client,
    token,
    escrow,
    distributor,
    accounts: { admin, operator, guardian, sponsor },
    /** What a test's services need to know of it. */
    config: {
      chain: { rpcUrl: anvil.rpcUrl, id: chainId },
      pool,
      feeBps: FEE_BPS,
      asset: await client.readContract({ address: token, abi: demoDollarAbi, functionName: "symbol" }),
    } satisfies Partial<Config>,
    stop: anvil.stop,
    mined,
    /** An owner's deposit, from the wallet's approval to the mined transaction. */
    async deposit(from: DevAccount, amount: bigint, options: { budgetId?: Hex; cap?: bigint } = {}) {
      await client.setBalance({ address: from.address, value: 10n ** 18n });
      await mined(client.writeContract({ ...write(admin), address: token, abi: demoDollarAbi, functionName: "transfer", args: [from.address, amount] }));
      await mined(client.writeContract({ ...write(from), address: token, abi: demoDollarAbi, functionName: "approve", args: [escrow, amount] }));
      const args = [options.budgetId ?? STANDING, amount, options.cap ?? LOT] as const;
      return await mined(client.writeContract({ ...write(from), address: escrow, abi: jobEscrowAbi, functionName: "fund", args }));
    },
    /** Any call of the escrow by one of its people. */
    async act(
      from: DevAccount,
      functionName: "requestWithdraw" | "cancelWithdraw" | "withdraw" | "release" | "setOperator" | "veto" | "finalize" | "propose" | "pause",
      args: readonly unknown[],
    ) {
      return await mined(
        client.writeContract({ ...write(from), address: escrow, abi: jobEscrowAbi, functionName, args } as Parameters<typeof client.writeContract>[0]),
      );
    },
    async claim(claim: { account: string; cumulativeMicro: string; proof: string[] }) {
      const args = [claim.account as Address, BigInt(claim.cumulativeMicro), claim.proof as Hex[]] as const;
      const call = { account: admin, address: distributor, abi: rewardDistributorAbi, functionName: "claim", args } as const;
      // With room, as wallets send it: what the outflow allowance costs depends on the second in which the block is made.
      const gas = (await client.estimateContractGas(call)) * 2n;
      return await mined(client.writeContract({ ...call, chain: null, gas }));
    },
    balanceOf: async (account: Address) => await client.readContract({ address: token, abi: demoDollarAbi, functionName: "balanceOf", args: [account] }),
    /** Empty blocks, so that what was before is confirmed. */
    confirm: async (blocks = 2) => await client.mine({ blocks }),
    passSeconds: async (seconds: number) => {
      await client.increaseTime({ seconds });
      await client.mine({ blocks: 1 });
    },
  };
}
