import type { Browser, Page } from "@playwright/test";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { startTestInstance, type TestInstance } from "./instance.ts";
import { expect, installWallet, signIn, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const OPERATOR_KEY = generatePrivateKey();
const START_MS_MAX = 120_000;
const WALK_MS_MAX = 150_000;
/** The status is read at most every five seconds, and a page asks every ten. */
const TOLD_MS_MAX = 30_000;
const PHONE = { width: 360, height: 740 };

let instance: TestInstance;
test.beforeAll(async () => {
  test.setTimeout(START_MS_MAX);
  instance = await startTestInstance({ OPERATOR_ADDRESSES: privateKeyToAddress(OPERATOR_KEY), PROGRAM_REVIEW: "all" });
});
test.afterAll(async () => await instance?.stop());

/** A page of somebody with a browser of their own on the instance of these stories. */
async function openPage(browser: Browser, key?: `0x${string}`): Promise<Page> {
  const context = await browser.newContext({ baseURL: instance.url, viewport: PHONE });
  if (key) await installWallet(context, key);
  const page = await context.newPage();
  if (key) await signIn(page);
  return page;
}

async function giveReason(page: Page, button: string, reason: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill(reason);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}

test("an operator looks at a program, runs its first shards in the tab, lets it run, pauses it and ends it", async ({ browser }) => {
  test.setTimeout(WALK_MS_MAX);
  const owner = await openPage(browser, generatePrivateKey());
  const jobId = await submitRange(owner, instance.url, { name: "Cracks in <b>bridges</b>", shards: 6 });
  const operator = await openPage(browser, OPERATOR_KEY);
  await operator.getByRole("button", { name: /^Account/ }).click();
  await operator.getByRole("link", { name: "Operate this instance" }).click();
  await expect(operator.getByRole("heading", { name: "Operate", level: 1 })).toBeVisible();

  const reviews = operator.getByRole("region", { name: "Jobs that wait for you" });
  await reviews.getByRole("button", { name: /^Look at it/ }).click();
  await expect(reviews.getByText("Nothing in it looks like mining.")).toBeVisible();
  await reviews.getByRole("button", { name: "Run its first shards here" }).click();
  await expect(reviews.getByText("same twice", { exact: true })).toHaveCount(2, { timeout: 30_000 });
  await expectToFit(operator);
  await reviews.getByRole("button", { name: "Let it run", exact: true }).click();
  await expect(reviews.getByText("No job waits.")).toBeVisible();

  const jobs = operator.getByRole("region", { name: "Jobs of everybody" });
  await jobs.getByLabel("Search").fill("cracks");
  await expect(jobs.getByText("Running")).toBeVisible();
  await jobs.getByRole("button", { name: /^Pause/ }).click();
  await giveReason(operator, "Pause", "Its output looks odd.");
  await expect(jobs.getByText("waits for an operator")).toBeVisible();
  await expect(reviews.getByText("Cracks in <b>bridges</b>")).toBeVisible();
  await owner.goto(`/jobs/${jobId}`);
  await expect(owner.getByText("Its output looks odd.")).toBeVisible();

  await jobs.getByRole("button", { name: /^End/ }).click();
  await giveReason(operator, "End", "It does not do what it says.");
  await expect(jobs.getByText("Cancelled")).toBeVisible();
  await expect(reviews.getByText("No job waits.")).toBeVisible();
  await owner.reload();
  await expect(owner.getByText("It does not do what it says.")).toBeVisible();
  const acts = operator.getByRole("region", { name: "What operators did" });
  await expect(acts.getByRole("listitem").first()).toContainText("ended a job");
  await expect(acts.getByRole("listitem").nth(2)).toContainText("let a job run");
});

test("what an operator tells, and that everything is stopped, is on the status page", async ({ browser }) => {
  test.setTimeout(WALK_MS_MAX);
  const operator = await openPage(browser, OPERATOR_KEY);
  const reader = await openPage(browser);
  await reader.goto("/status");
  await expect(reader.getByRole("heading", { name: "Everything works" })).toBeVisible({ timeout: TOLD_MS_MAX });
  await expect(reader.getByText("Nothing in the last two weeks.")).toBeVisible();

  await operator.goto("/admin");
  const tell = operator.getByRole("region", { name: "Tell everybody" });
  await tell.getByLabel("What it is").selectOption("degraded");
  await tell.getByLabel("What everybody reads").fill("Results come <b>late</b> today.");
  await tell.getByRole("button", { name: "Tell it" }).click();
  await expect(tell.getByRole("button", { name: "It is over: Results come <b>late</b> today." })).toBeVisible();
  await expect(reader.getByText("Results come <b>late</b> today.")).toBeVisible({ timeout: TOLD_MS_MAX });
  await expect(reader.getByRole("heading", { name: "Works, with trouble" })).toBeVisible();
  await expectToFit(reader);
  await tell.getByRole("button", { name: /^It is over/ }).click();
  await expect(tell.getByText("Nothing is being told.")).toBeVisible();
  await expect(reader.getByRole("heading", { name: "Everything works" })).toBeVisible({ timeout: TOLD_MS_MAX });

  const state = operator.getByRole("region", { name: "The instance" });
  await state.getByRole("button", { name: "Stop everything" }).click();
  await giveReason(operator, "Stop everything", "A secret reason.");
  await expect(state.getByText("A secret reason.")).toBeVisible();
  await expect(reader.getByRole("heading", { name: "Stopped by its operators" })).toBeVisible({ timeout: TOLD_MS_MAX });
  await expect(reader.getByText("secret")).toHaveCount(0);
  await state.getByRole("button", { name: "Go on" }).click();
  await expect(state.getByRole("button", { name: "Stop everything" })).toBeVisible();
});

test("whoever is no operator reads so and is shown nothing else, and a status page without an answer says that", async ({ browser }) => {
  const owner = await openPage(browser, generatePrivateKey());
  await owner.goto("/admin");
  await expect(owner.getByRole("heading", { name: "This page is for operators" })).toBeVisible();
  await expect(owner.getByRole("region", { name: "The instance" })).toHaveCount(0);
  const refused = await owner.request.put("/api/v1/instance/stop", { data: { reason: "Because I can." }, headers: { origin: instance.url } });
  expect(refused.status()).toBe(403);
  const stranger = await openPage(browser);
  await stranger.goto("/admin");
  await expect(stranger.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible();

  await stranger.route("**/api/v1/status", (route) => route.abort());
  await stranger.getByRole("contentinfo").getByRole("link", { name: "Status" }).click();
  await expect(stranger.getByRole("heading", { name: "No answer" })).toBeVisible();
});
