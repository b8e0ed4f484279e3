import type { BrowserContext, Page } from "@playwright/test";
import { expect, giveAuthenticator, startComputing, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const WALK_MS_MAX = 150_000;
const SHARDS = 12;

async function makeAccount(page: Page): Promise<void> {
  await giveAuthenticator(page);
  await page.goto("/pools");
  await page.getByRole("button", { name: "Make an account with a passkey" }).click();
  await expect(page.getByText("You are in no pool.")).toBeVisible();
}

/** The jobs that a volunteer's tab was granted shards of, as they come. */
function watchGrants(page: Page): Set<string> {
  const jobs = new Set<string>();
  page.on("response", async (response) => {
    if (!response.url().includes("/api/v1/exchange") || !response.ok()) return;
    for (const [id] of (await response.text().catch(() => "")).matchAll(/job_[0-9a-f]{32}/g)) jobs.add(id);
  });
  return jobs;
}

test("somebody without a wallet makes an account with a passkey, comes back with it, and keeps a way in", async ({ page }) => {
  await makeAccount(page);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByText("You are in no pool.")).toBeVisible();

  await page.goto("/account");
  await expect(page.getByText("last used")).toBeVisible();
  await page.getByRole("button", { name: /^Remove / }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("it is the only way into your account")).toBeVisible();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("This device has a passkey for your account already.")).toBeVisible();

  await page.goto("/rewards");
  await expect(page.getByRole("heading", { name: "You cannot be paid yet" })).toBeVisible();
});

test("a pool made with a passkey computes its job on a browser that joined by its link, and on none outside", async ({ page, browser, baseURL }) => {
  test.setTimeout(WALK_MS_MAX);
  await makeAccount(page);
  await page.getByLabel("Name of the pool").fill("Our lab");
  await page.getByRole("button", { name: "Make a pool" }).click();
  await expect(page.getByRole("heading", { name: "Our lab", level: 1 })).toBeVisible();
  await expect(page.getByText("The pool has no jobs yet.")).toBeVisible();
  await page.getByRole("button", { name: "Make an invite" }).click();
  const link = (await page.getByTestId("invite-link").textContent()) ?? "";
  const poolId = page.url().split("/").at(-1) ?? "";

  const contexts: BrowserContext[] = [await browser.newContext(), await browser.newContext()];
  const [inside, outside] = [await (contexts[0] as BrowserContext).newPage(), await (contexts[1] as BrowserContext).newPage()];
  await inside.goto(link);
  await expect(inside.getByText("“Our lab” computes its own jobs")).toBeVisible();
  await inside.getByRole("button", { name: "Join with this browser" }).click();
  await inside.getByRole("link", { name: "Go and lend it" }).click();

  await page.goto(`/jobs/new?pool=${poolId}`);
  await expect(page.getByLabel("Who computes it")).toHaveValue(poolId);
  const jobId = await submitRange(page, baseURL ?? "", {
    name: "Only ours",
    shards: SHARDS,
    visibility: { kind: "pool", pool: poolId },
    verification: { assurance: "instant", quorum: 1, replicasMax: 1 },
  });

  await outside.goto("/volunteer");
  const granted = [watchGrants(inside), watchGrants(outside)];
  for (const tab of [outside, inside]) await startComputing(tab);
  await page.goto(`/pools/${poolId}`);
  await expect(page.getByRole("link", { name: "Only ours" })).toBeVisible();
  await expect(page.getByText("Finished")).toBeVisible({ timeout: 60_000 });
  expect([granted[0]?.has(jobId), granted[1]?.has(jobId)]).toEqual([true, false]);

  await page.getByRole("button", { name: /^Remove dev_/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No device has joined by an invite yet.")).toBeVisible();
  await Promise.all(contexts.map((context) => context.close()));
});
