import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page, TestInfo } from "@playwright/test";
import { type Address, type Hex, parseEther } from "viem";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { getBalances } from "#lib/protocol/balances/balances.ts";
import { expectAccessible } from "./accessible.ts";
import { type ChainWallet, installChainWallet, openChainClient } from "./chain-wallet.ts";
import { startTestInstance, type TestInstance } from "./instance.ts";
import { expect, signIn, startComputing, test } from "./people.ts";
import { MONEY_STEPS, type MoneyStep, openStepGate, type StepGate } from "./step-gate.ts";
import { submitRange } from "./submit-range.ts";

/*
 * Money from an owner's wallet to volunteers' wallets, on a real chain, in real browsers, while the server dies between the steps of an epoch and of a claim: between two of
 * them in an ordinary run, between each two in a long one.
 */
const DIES_BEFORE: readonly MoneyStep[] = process.env.SHOAL_TEST_LONG === "1" ? MONEY_STEPS : ["tree", "finalized"];
const STEP_MS = 60_000;
const DEPOSIT = 20_000_000n;
const FAUCET = 1_000_000_000n;
const PRICE = 250_000n;
const SHARDS = 6n;
/** Two replicas of each shard agree; five per cent go to the instance. */
const EARNED = SHARDS * 2n * PRICE;
const FEE = EARNED / 20n;
/** What the instance keeps of a claim that it sends for somebody. */
const RELAY_FEE = 50_000n;

let instance: TestInstance;
test.beforeAll(async () => {
  instance = await startTestInstance({ FAUCET_MICRO: "0", FEE_BPS: "500", EPOCH_EVERY_S: "1", POOL_CONFIRMATIONS: "1" }, { withChain: true });
});
test.afterAll(async () => await instance.stop());

type Person = { page: Page; wallet: ChainWallet; context: BrowserContext };

async function newPerson(browser: Browser): Promise<Person> {
  const context = await browser.newContext({ baseURL: instance.url });
  const wallet = await installChainWallet(context, chainOf().rpcUrl);
  return { context, wallet, page: await context.newPage() };
}

function chainOf() {
  if (!instance.chain) throw new Error("The instance has no chain.");
  return instance.chain;
}

const client = () => openChainClient(chainOf().rpcUrl);

async function tokensOf(account: Address): Promise<bigint> {
  return await client().readContract({ address: chainOf().token, abi: demoDollarAbi, functionName: "balanceOf", args: [account] });
}

/** An owner gets test money and deposits a part of it with a permit: one signature and one transaction. */
async function deposit({ page, wallet }: Person): Promise<void> {
  await signIn(page);
  await page.goto("/billing");
  await page.getByRole("button", { name: "Get test money" }).click();
  await expect(page.getByText("Test money is in your wallet.")).toBeVisible();
  await expect.poll(() => tokensOf(wallet.address)).toBe(FAUCET);
  await page.locator("#deposit").fill("20");
  await page.getByRole("button", { name: "Deposit", exact: true }).click();
  await expect(page.getByText("Deposited. It can be spent once it is confirmed")).toBeVisible({ timeout: STEP_MS });
  expect(wallet.asked).toEqual(["personal_sign", "Permit", "eth_sendTransaction"]);
  await expect(page.getByText("20 dUSD", { exact: true }).first()).toBeVisible({ timeout: STEP_MS });
}

/** A volunteer computes, signs in, and links the browser. */
async function linkBrowser({ page }: Person): Promise<void> {
  await signIn(page);
  await page.goto("/rewards");
  await page.getByRole("button", { name: "Link this browser" }).click();
  await expect(page.getByText("This browser", { exact: true })).toBeVisible({ timeout: STEP_MS });
}

/** The server dies while it takes this step, and begins again. */
async function dieBefore(gate: StepGate, step: MoneyStep): Promise<void> {
  await gate.reached();
  await Promise.all([instance.kill("app"), instance.kill("background")]);
  await gate.open(step);
  await Promise.all([instance.start("app"), instance.start("background")]);
}

/** What the server's own check of all books says. */
async function checkBooks(): Promise<string> {
  const program = ["--conditions=react-server", join(import.meta.dirname, "..", "ops/check-ledger.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, program, { env: { ...process.env, DATABASE_URL: instance.databaseUrl } });
  return stdout;
}

async function claimableOf({ page }: Person): Promise<string> {
  const answer = await page.request.get(getBalances.path);
  return ((await answer.json()) as { earning: { claimableMicro: string } }).earning.claimableMicro;
}

const amount = (micro: bigint) => `${Number(micro) / 1e6} dUSD`;

test("an owner deposits, volunteers earn and claim, the rest goes back, and chain and books agree to the unit, though the server dies in between", async ({
  browser,
}, info) => {
  test.setTimeout(DIES_BEFORE.length * STEP_MS + 3 * STEP_MS);
  const [owner, one, two] = [await newPerson(browser), await newPerson(browser), await newPerson(browser)];
  await deposit(owner);
  const jobId = await submitRange(owner.page, instance.url, { name: "Paid work", shards: Number(SHARDS), price: { replicaMicro: String(PRICE) } });
  for (const { page } of [one, two]) {
    await page.goto("/volunteer");
    await startComputing(page);
  }
  await owner.page.goto(`/jobs/${jobId}`);
  await expect(owner.page.getByText("Finished", { exact: true })).toBeVisible({ timeout: STEP_MS });
  const gate = await openStepGate(instance.databaseUrl, DIES_BEFORE);
  for (const person of [one, two]) {
    await person.page.getByRole("button", { name: "Stop" }).click();
    await linkBrowser(person);
  }
  for (const step of DIES_BEFORE.filter((name) => name !== "claim")) await dieBefore(gate, step);
  for (const { page } of [one, two]) await page.goto("/rewards");
  await client().setBalance({ address: one.wallet.address, value: parseEther("1") });
  await expect.poll(async () => BigInt(await claimableOf(one)) + BigInt(await claimableOf(two)), { timeout: STEP_MS }).toBe(EARNED);
  const due = [BigInt(await claimableOf(one)), BigInt(await claimableOf(two))] as const;
  await claimThroughTrouble(one, due[0], gate);
  await claimWithoutGas(two, due[1]);
  for (const person of [one, two]) await expect.poll(() => claimableOf(person), { timeout: STEP_MS }).toBe("0");
  expect([await tokensOf(one.wallet.address), await tokensOf(two.wallet.address)]).toEqual([due[0], due[1] - RELAY_FEE]);
  await withdrawRest(owner);
  expect(await tokensOf(owner.wallet.address)).toBe(FAUCET - EARNED - FEE);
  const escrow = chainOf().env.POOL_ESCROW as Address;
  expect(await client().readContract({ address: escrow, abi: jobEscrowAbi, functionName: "feesAccrued" })).toBe(FEE);
  await expect.poll(() => tokensOf(chainOf().distributor)).toBe(0n);
  expect(await checkBooks()).toContain("The ledger holds");
  await recheckEpoch(one);
  await photograph(one, info);
  await gate.close();
  await Promise.all([owner, one, two].map(({ context }) => context.close()));
});

/** A wallet that holds none of the chain's coin signs, and the instance sends: the page says the fee before, and what went wrong. */
async function claimWithoutGas({ page, wallet }: Person, due: bigint): Promise<void> {
  await expect(page.getByText(`It keeps ${amount(RELAY_FEE)} of the claim, and ${amount(due - RELAY_FEE)} arrives.`)).toBeVisible({ timeout: STEP_MS });
  const claim = page.getByRole("button", { name: "Claim without gas" });
  const alert = page.locator("main").getByRole("alert");
  wallet.declineNext();
  await claim.click();
  await expect(alert.filter({ hasText: "You declined in the wallet. Nothing was sent." })).toBeVisible({ timeout: STEP_MS });
  await claim.click();
  await expect(page.getByText("Claimed. The figures here follow")).toBeVisible({ timeout: STEP_MS });
  expect(wallet.asked).not.toContain("eth_sendTransaction");
}

/** Anybody rebuilds the last epoch in the browser, and it leads to the root on the chain. */
async function recheckEpoch({ page, wallet }: Person): Promise<void> {
  await page.getByLabel("Address", { exact: true }).fill(wallet.address);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("The path leads to the root. The contract holds the same root.")).toBeVisible({ timeout: STEP_MS });
  await page.getByRole("button", { name: "Recompute the whole epoch" }).click();
  await expect(page.getByText(`Rebuilt from the public file: accounts: 2, ${amount(EARNED)} in all. The contract holds the same root.`)).toBeVisible({
    timeout: STEP_MS,
  });
}

/** Pictures for whoever looks: nothing is wider than the screen. */
async function photograph({ page }: Person, info: TestInfo): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const)
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
      await page.screenshot({ path: info.outputPath(`rewards-${width}-${colorScheme}.png`), fullPage: true });
    }
}

/** Everything that can go wrong on the way of a claim, one after the other, and then the claim, during which the server dies. */
async function claimThroughTrouble({ page, wallet }: Person, due: bigint, gate: StepGate): Promise<void> {
  const claim = page.getByRole("button", { name: /^(Claim \d|Try again)/ });
  const alert = page.locator("main").getByRole("alert");
  await expect(page.getByText(/The network charges about 0\.\d+ ETH/)).toBeVisible({ timeout: STEP_MS });
  await expectAccessible(page);

  wallet.declineNext();
  await page.getByRole("button", { name: `Claim ${amount(due)}` }).click();
  await expect(alert.filter({ hasText: "You declined in the wallet. Nothing was sent." })).toBeVisible({ timeout: STEP_MS });

  await client().setBalance({ address: wallet.address, value: 1n });
  await claim.click();
  await expect(alert.filter({ hasText: "too little ETH on Demo chain" })).toBeVisible({ timeout: STEP_MS });
  await client().setBalance({ address: wallet.address, value: parseEther("1") });

  await client().impersonateAccount({ address: await admin() });
  await pauseFor(3600n);
  await claim.click();
  await expect(alert.filter({ hasText: "Payouts are paused on the chain for the moment." })).toBeVisible({ timeout: STEP_MS });
  await pauseFor(0n);

  wallet.leaveNetwork();
  await claim.click();
  await expect(alert.filter({ hasText: "The wallet is on another network." })).toBeVisible({ timeout: STEP_MS });
  const isHit = Promise.withResolvers<Hex>();
  wallet.onSent = async (hash) => {
    await instance.kill("app");
    isHit.resolve(hash);
  };
  await page.getByRole("button", { name: "Switch to Demo chain" }).click();
  await isHit.promise;
  wallet.onSent = null;
  if (DIES_BEFORE.includes("claim")) await dieBefore(gate, "claim");
  else await instance.start("app");
  await expect(page.getByText("Claimed. The figures here follow")).toBeVisible({ timeout: STEP_MS });
  expect(wallet.asked.filter((asked) => asked === "eth_sendTransaction")).toHaveLength(2);
}

const admin = async (): Promise<Address> =>
  await client().readContract({ address: chainOf().env.POOL_ESCROW as Address, abi: jobEscrowAbi, functionName: "owner" });

/** The admin pauses the contracts for so long, or ends a pause. */
async function pauseFor(seconds: bigint): Promise<void> {
  const by = { account: await admin(), chain: null, address: chainOf().env.POOL_ESCROW as Address, abi: jobEscrowAbi } as const;
  const hash = await (seconds > 0n
    ? client().writeContract({ ...by, functionName: "pause", args: [seconds] })
    : client().writeContract({ ...by, functionName: "unpause" }));
  await client().waitForTransactionReceipt({ hash });
}

/** The owner cancels a job that nobody has begun, and takes everything that is left. */
async function withdrawRest({ page }: Person): Promise<void> {
  const jobId = await submitRange(page, instance.url, { name: "Never begun", shards: 4, price: { replicaMicro: String(PRICE) } });
  await page.goto(`/jobs/${jobId}`);
  await page.getByRole("button", { name: "Cancel job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
  await expect(page.getByText("Cancelled", { exact: true })).toBeVisible({ timeout: STEP_MS });
  await page.goto("/billing");
  await page.getByRole("button", { name: "Withdraw", exact: true }).click();
  await expect(page.getByText("Write an amount above zero, such as 2.5.")).toBeVisible();
  await page.locator("#withdraw").fill(String(Number(DEPOSIT - EARNED - FEE) / 1e6));
  await page.getByRole("button", { name: "Withdraw", exact: true }).click();
  await expect(page.getByText("Done. The figures here follow once it is confirmed")).toBeVisible({ timeout: STEP_MS });
}
