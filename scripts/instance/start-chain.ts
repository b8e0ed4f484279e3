import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, createTestClient, type Hex, http, publicActions, walletActions } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { demoDollarAbi, demoDollarBytecode } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi, jobEscrowBytecode } from "#contracts/generated/job-escrow.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { foundryBinary } from "../../contracts/tools/foundry-binary.mjs";
import { findFreePort } from "../processes/free-port.ts";
import type { ProcessSupervisor } from "../processes/supervisor.ts";
import { type InstanceSettings, keyOf } from "./instance-settings.ts";

const CHAIN_ID = 31_337;
const PORT_DEFAULT = 8545;
const READY_MS = 20_000;
const GAS_WEI = 10n ** 22n;
/** Ten million of the demo's dollars: what the instance gives away is paid out of it. */
const SUPPLY = 10_000_000_000_000n;
/** In production hours and days; here somebody is watching. */
const WINDOWS = { minInterval: 0, challengeWindow: 4, withdrawDelay: 600, refillPeriod: 86_400 };
const FEE_BPS = 500;

export type LocalChain = { rpcUrl: string; token: Address; distributor: Address /** What the instance is told of it. */; env: Record<string, string> };

/** Starts anvil with what was on it before, and puts the contracts there the first time. */
export async function startChain(start: { folder: string; supervisor: ProcessSupervisor; settings: InstanceSettings; port?: number }): Promise<LocalChain> {
  const { folder, supervisor, settings } = start;
  mkdirSync(folder, { recursive: true });
  const port = start.port ?? (await findFreePort(PORT_DEFAULT));
  const rpcUrl = `http://127.0.0.1:${port}`;
  const state = ["--state", join(folder, "state.json"), "--state-interval", "1"];
  const args = ["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(CHAIN_ID), "--block-time", "1", "--silent", ...state];
  await supervisor.start({ name: "chain", command: foundryBinary("anvil"), args });
  const chain = openChain(rpcUrl);
  await untilReady(chain);
  const { admin, operator, guardian, sponsor, relayer } = settings.pool;
  for (const { address } of [admin, operator, guardian, sponsor, relayer]) await chain.setBalance({ address, value: GAS_WEI });
  const deployment = await deployOnce(chain, join(folder, "contracts.json"), settings);
  return {
    rpcUrl,
    token: deployment.token,
    distributor: await chain.readContract({ address: deployment.escrow, abi: jobEscrowAbi, functionName: "distributor" }),
    env: {
      CHAIN_RPC_URL: rpcUrl,
      CHAIN_ID: String(CHAIN_ID),
      CHAIN_NAME: "Demo chain",
      ASSET: await chain.readContract({ address: deployment.token, abi: demoDollarAbi, functionName: "symbol" }),
      POOL_ESCROW: deployment.escrow,
      POOL_START_BLOCK: String(deployment.block),
      POOL_CONFIRMATIONS: "2",
      POOL_OPERATOR_KEY: keyOf(settings, "pool-operator-key"),
      POOL_RELAYER_KEY: keyOf(settings, "pool-relayer-key"),
      POOL_SPONSOR: sponsor.address,
      POOL_RESERVE: sponsor.address,
      EPOCH_EVERY_S: "5",
      FAUCET_KEY: keyOf(settings, "pool-admin-key"),
    },
  };
}

type Chain = ReturnType<typeof openChain>;

function openChain(rpcUrl: string) {
  return createTestClient({ mode: "anvil", transport: http(rpcUrl), pollingInterval: 100 })
    .extend(publicActions)
    .extend(walletActions);
}

async function untilReady(chain: Chain): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await chain.getChainId().catch(() => null))) {
    if (Date.now() > deadline) throw new Error("The local chain did not answer in time.");
    await sleep(50);
  }
}

type Deployment = { token: Address; escrow: Address; block: number };

async function deployOnce(chain: Chain, path: string, settings: InstanceSettings): Promise<Deployment> {
  if (existsSync(path)) {
    const known = JSON.parse(readFileSync(path, "utf8")) as Deployment;
    if (await chain.getCode({ address: known.escrow })) return known;
    throw new Error(`The chain's state is gone, and the books are about contracts that were on it. Remove ${join(path, "..", "..")} to begin anew.`);
  }
  const { admin, operator, guardian, sponsor } = settings.pool;
  const create = async (contract: { abi: readonly unknown[]; bytecode: Hex; args: readonly unknown[] }): Promise<{ address: Address; block: number }> => {
    const receipt = await mined(chain, chain.deployContract({ account: admin, chain: null, ...contract } as Parameters<Chain["deployContract"]>[0]));
    return { address: receipt.contractAddress as Address, block: Number(receipt.blockNumber) };
  };
  const { address: token } = await create({ abi: demoDollarAbi, bytecode: demoDollarBytecode, args: [sponsor.address, SUPPLY] });
  const roles = { token, admin: admin.address, operator: operator.address, guardian: guardian.address };
  const bounds = { feeBps: FEE_BPS, epochCap: SUPPLY, outflowCapacity: SUPPLY, ...WINDOWS };
  const escrow = await create({ abi: jobEscrowAbi, bytecode: jobEscrowBytecode, args: [{ ...roles, ...bounds }] });
  await fundSponsor(chain, { token, escrow: escrow.address, sponsor });
  const deployment = { token, escrow: escrow.address, block: escrow.block };
  writeFileSync(path, JSON.stringify(deployment));
  return deployment;
}

async function fundSponsor(chain: Chain, { token, escrow, sponsor }: { token: Address; escrow: Address; sponsor: PrivateKeyAccount }): Promise<void> {
  const by = { account: sponsor, chain: null } as const;
  await mined(chain, chain.writeContract({ ...by, address: token, abi: demoDollarAbi, functionName: "approve", args: [escrow, SUPPLY] }));
  await mined(chain, chain.writeContract({ ...by, address: escrow, abi: jobEscrowAbi, functionName: "fund", args: [STANDING_BUDGET_ID, SUPPLY / 2n, SUPPLY] }));
}

async function mined(chain: Chain, sent: Promise<Hex>) {
  const receipt = await chain.waitForTransactionReceipt({ hash: await sent, timeout: READY_MS });
  if (receipt.status !== "success") throw new Error(`Transaction ${receipt.transactionHash} was reverted.`);
  return receipt;
}
