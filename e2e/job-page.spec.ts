import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, startComputing, test } from "./people.ts";

const PROGRAM = new URL("../lib/testing/programs/misbehave.wasm", import.meta.url);

/** Six shards of which some fail, each by its own number. */
async function submit(page: Page, args: string[]): Promise<void> {
  const job = {
    version: 1,
    name: "Mixed fates",
    topic: "tests",
    program: { runtime: "wasi", artifact: { path: "m.wasm" }, args },
    slicing: { mode: "range", from: 0, to: 6 },
  };
  await page.goto("/jobs/new");
  await page.getByTestId("files").setInputFiles([
    { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(job)) },
    { name: "m.wasm", mimeType: "", buffer: await readFile(PROGRAM) },
  ]);
  await page.getByRole("checkbox", { name: /I may share these files/ }).check();
  await page.getByRole("button", { name: "Submit job" }).click();
  await expect(page.getByRole("heading", { name: "Mixed fates" })).toBeVisible();
}

test("a job page says how shards failed and shows one from near; they are computed again for more money, and the job is found and copied", async ({
  owner,
  openVolunteer,
}) => {
  await submit(owner, ["exit", "3"]);
  const volunteers = [await openVolunteer(), await openVolunteer()];
  for (const volunteer of volunteers) await startComputing(volunteer);
  const groups = owner.locator("section", { has: owner.getByRole("heading", { name: "How shards failed" }) });
  await expect(groups.getByText("6 shards failed like this")).toBeVisible({ timeout: 60_000 });
  await expect(groups.getByText("Exit code 3")).toBeVisible();

  await owner.getByText("One shard", { exact: true }).click();
  await owner.getByRole("spinbutton", { name: "Number of the shard" }).fill("4");
  await expect(owner.getByText("2 replicas, the longest ran")).toBeVisible();
  await expect(owner.getByRole("img", { name: /^Verdicts a minute over the life of the job/ })).toBeVisible();
  await expect(owner.getByText("Wrong results promised")).toBeVisible();

  // So that what is computed again waits.
  for (const volunteer of volunteers) await volunteer.close();
  await rerunFailed(owner, groups);
  await raiseBudget(owner);

  for (const volunteer of [await openVolunteer(), await openVolunteer()]) await startComputing(volunteer);
  await expect(groups.getByText("6 shards failed like this")).toBeVisible({ timeout: 60_000 });
  await copyEarly(owner);

  await owner.goto(`/jobs/new?from=job_${"0".repeat(32)}`);
  await expect(owner.getByText("There is no such job to copy")).toBeVisible();

  await owner.goto("/jobs");
  await owner.getByLabel("Find").fill("mixed F");
  await expect(owner.getByRole("listitem").filter({ hasText: "Mixed fates" })).toBeVisible();
  await owner.getByLabel("Find").fill("nowhere");
  await expect(owner.getByText("No job is like this")).toBeVisible();
});

/** Copies the open job, and writes another name before its program has been fetched. */
async function copyEarly(page: Page): Promise<void> {
  const isNamed = Promise.withResolvers<void>();
  await page.route("**/api/v1/artifacts/*", async (route) => {
    await isNamed.promise;
    await route.continue();
  });
  await page.getByRole("link", { name: "Duplicate as new" }).click();
  await expect(page.getByText("Reading the job to copy")).toBeVisible();
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Named early");
  isNamed.resolve();
  await expect(page.getByText("Filled in from the job Mixed fates.")).toBeVisible();
  await expect(name).toHaveValue("Named early");
  await expect(page.getByLabel("Arguments", { exact: true })).toHaveValue("exit 3");
  await expect(page.getByText("It can run here.")).toBeVisible();
}

/** Asks for six failed shards again, after leaving it once: the job runs again and holds money for them. */
async function rerunFailed(page: Page, groups: Locator): Promise<void> {
  const again = groups.getByRole("button", { name: "Compute failed shards again" });
  const question = page.getByRole("dialog", { name: "Compute 6 shards again?" });
  await again.click();
  await expect(question).toContainText("0.03 DEMO are reserved for it.");
  await question.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(question).toBeHidden();
  await again.click();
  await question.getByRole("button", { name: "Compute failed shards again" }).click();
  await expect(page.getByText("Failed shards are computed again.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(groups).toBeHidden();
  await expect(page.getByText("0 of 6 shards verified")).toBeVisible();
  await expect(page.getByRole("img", { name: "6 shards: 6 to be computed again" })).toBeVisible();
}

/** Reserves more for the open job than its worst case takes, after an amount that is no raise; the rest of it comes back. */
async function raiseBudget(page: Page): Promise<void> {
  const money = page.locator("section", { has: page.getByRole("heading", { name: "Money", exact: true }) });
  await expect(money).toContainText("Reserved0.06 DEMO");
  await money.getByText("Raise the budget").click();
  const total = money.getByLabel("Reserved in all");
  await total.fill("0.06");
  await money.getByRole("button", { name: "Reserve this much" }).click();
  await expect(money.getByText("Write an amount above 0.06 DEMO.")).toBeVisible();
  await total.fill("0.1");
  await money.getByRole("button", { name: "Reserve this much" }).click();
  await expect(page.getByText("0.1 DEMO are reserved now.")).toBeVisible();
  await expect(money).toContainText("Reserved0.1 DEMO");
}
