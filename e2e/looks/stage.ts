import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { privateKeyToAddress } from "viem/accounts";
import { installChainWallet } from "../chain-wallet.ts";
import { startTestInstance, type TestInstance } from "../instance.ts";
import { expect, giveAuthenticator, installWallet, signIn, startComputing } from "../people.ts";

/** The wallet of the person on the pictures: the same on every run, so that its address is. */
const WALLET_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

/** Prints a number that it computes in so many steps as its first argument says. */
const PROGRAM = new URL("../../lib/testing/programs/spin.wasm", import.meta.url);

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** The owner and two who look around; the German owner is the same person in a browser that asks for German. The passkey owner has an account without a wallet. */
export type Person = "owner" | "germanOwner" | "passkeyOwner" | "stranger" | "german";

/** An instance of its own, so that what the pages show does not depend on other stories, with the people who look at it. */
export type Stage = Record<Person, BrowserContext> & { instance: TestInstance; close(): Promise<void> };

export async function openStage(browser: Browser, has: { withChain?: boolean } = {}): Promise<Stage> {
  // Who owns everything in it operates it too.
  const instance = await startTestInstance({ OPERATOR_ADDRESSES: privateKeyToAddress(WALLET_KEY) }, has);
  const context = (locale: string, more: { storageState?: StorageState } = {}) =>
    browser.newContext({ baseURL: instance.url, reducedMotion: "reduce", locale, timezoneId: "UTC", ...more });
  const [owner, passkeyOwner, stranger, german] = [await context("en-US"), await context("en-US"), await context("en-US"), await context("de-DE")];
  if (instance.chain) await installChainWallet(owner, instance.chain.rpcUrl, WALLET_KEY);
  else await installWallet(owner, WALLET_KEY);
  const page = await owner.newPage();
  await signIn(page);
  await page.close();
  await makePasskeyAccount(passkeyOwner);
  const germanOwner = await context("de-DE", { storageState: await owner.storageState() });
  const close = async () => {
    await Promise.all([owner, germanOwner, passkeyOwner, stranger, german].map((each) => each.close()));
    await instance.stop();
  };
  return { instance, owner, germanOwner, passkeyOwner, stranger, german, close };
}

async function makePasskeyAccount(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await giveAuthenticator(page);
  await page.goto("/pools");
  await page.getByRole("button", { name: "Make an account with a passkey" }).click();
  await expect(page.getByText("You are in no pool.")).toBeVisible();
  await page.close();
}

/** Makes the job at this address public, two keys, one of them with a bound, and a pool; returns the address of the pool. `page` stands on a page of the instance. */
export async function shareAndKey(page: Page, path: string): Promise<string> {
  return await page.evaluate(async (jobPath) => {
    const send = async (method: string, address: string, body?: unknown) => {
      const answer = await fetch(`/api/v1${address}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });
      if (!answer.ok) throw new Error(await answer.text());
      return await answer.json();
    };
    await send("PUT", `${jobPath}/publication`);
    await send("POST", "/keys", { name: "Nightly run", scopes: ["jobs:read", "jobs:write"], spendDayMicro: "5000000", expiresInDays: 90 });
    await send("POST", "/keys", { name: "Dashboard", scopes: ["jobs:read"] });
    return `/pools/${(await send("POST", "/pools", { name: "Tide station" })).id}`;
  }, path);
}

/** Submits a job of ten shards through the form; returns the address of its page. */
export async function submitJob(page: Page, name: string): Promise<string> {
  const job = {
    version: 1,
    name,
    description: "How high the water stands at each hour of the year.",
    topic: "oceans",
    program: { runtime: "wasi", artifact: { path: "tides.wasm" }, args: ["{from}"] },
    slicing: { mode: "range", from: 0, to: 10 },
  };
  await page.goto("/jobs/new");
  await page.getByTestId("files").setInputFiles([
    { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(job)) },
    { name: "tides.wasm", mimeType: "", buffer: await readFile(PROGRAM) },
  ]);
  await page.getByRole("checkbox", { name: /I may share these files/ }).check();
  await page.getByRole("button", { name: "Submit job" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Two volunteers compute what waits, until the job at this address is finished. */
export async function computeJob(browser: Browser, { instance, owner }: Stage, path: string): Promise<void> {
  const volunteers = await Promise.all([0, 1].map(() => browser.newContext({ baseURL: instance.url })));
  for (const context of volunteers) {
    const page = await context.newPage();
    await page.goto("/volunteer");
    await startComputing(page);
  }
  const page = await owner.newPage();
  await page.goto(path);
  await expect(page.getByText("Finished", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await page.close();
  await Promise.all(volunteers.map((context) => context.close()));
}
