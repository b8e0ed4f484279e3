import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { limitLogRanges } from "../../chain/testing/limit-log-ranges.ts";
import { devAccount, openTestChain, type TestChain } from "../../chain/testing/open-test-chain.ts";

const SHOAL = join(import.meta.dirname, "../../../../cli/shoal.ts");
const GUARDIAN_KEY = `0x${Buffer.from(devAccount(2).getHdKey().privateKey ?? []).toString("hex")}`;

let chain: TestChain;
beforeEach(async () => {
  chain = await openTestChain();
});
afterEach(async () => await chain.stop());

function startGuardian(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SHOAL, "guardian", ...args], { env: { PATH: process.env.PATH, NODE_ENV: "test", ...env } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (said += part));
  return { child, said: () => said };
}

test("a proposal with a stolen key whose file nobody can get is vetoed by `shoal guardian` before its window ends, also where the chain's server lists the logs of ten blocks at most; Ctrl-C ends it", async () => {
  await chain.deposit(devAccount(10), 50_000n);
  const budget = await chain.client.readContract({
    address: chain.escrow,
    abi: jobEscrowAbi,
    functionName: "keyOf",
    args: [devAccount(10).address, `0x${"00".repeat(32)}`],
  });
  await chain.act(chain.accounts.operator, "propose", [`0x${"ab".repeat(32)}`, 50_000n, `0x${"cd".repeat(32)}`, [{ budget, amount: 50_000n }]]);
  await chain.passSeconds(50);
  await chain.client.mine({ blocks: 100, interval: 0 });
  const proxy = await limitLogRanges(String(chain.config.chain.rpcUrl), 10);
  onTestFinished(proxy.close);
  const args = ["--server", "http://127.0.0.1:9", "--rpc", proxy.rpcUrl, "--escrow", chain.escrow];
  const { child, said } = startGuardian(args, { GUARDIAN_KEY });
  const pending = async () => (await chain.client.readContract({ address: chain.escrow, abi: jobEscrowAbi, functionName: "pending" }))[4];
  await expect.poll(pending, { timeout: 20_000 }).toBe(0);
  await expect.poll(said, { timeout: 10_000 }).toContain("an epoch was vetoed");
  const [restored] = await chain.client.readContract({ address: chain.escrow, abi: jobEscrowAbi, functionName: "budgets", args: [budget] });
  expect(restored).toBe(50_000n);
  expect(proxy.refused()).toBeGreaterThan(0);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
});

test("without its settings it says which one is missing, and does not watch", async () => {
  const { child, said } = startGuardian(["--rpc", String(chain.config.chain.rpcUrl), "--escrow", "0x12"], { GUARDIAN_KEY });
  expect((await once(child, "close"))[0]).toBe(1);
  expect(said()).toMatch(/(SHOAL_URL|POOL_ESCROW) is missing or wrong/);
});
