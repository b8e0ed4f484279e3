import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, startComputing, test } from "./people.ts";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "protein-search");
const COMPUTED_MS_MAX = 100_000;

test("an owner uploads a folder, two tabs compute, and the result is right to the byte", async ({ owner, openVolunteer }) => {
  await submitExample(owner);
  const volunteers = [await openVolunteer(), await openVolunteer()];
  for (const volunteer of volunteers) await startComputing(volunteer);
  await expect(owner.getByText("Finished", { exact: true })).toBeVisible({ timeout: COMPUTED_MS_MAX });
  await expect(owner.getByText("51 of 51 shards verified")).toBeVisible();
  await expect(owner.getByRole("img", { name: "51 shards: 51 accepted" })).toBeVisible();
  await expect(owner.getByRole("row", { name: "Accepted 51" })).toBeAttached();
  await expect(owner.getByRole("cell", { name: "HBB_CALAR" })).toBeVisible();
  await expect(owner.getByText("0.102 DEMO")).toBeVisible();
  expect(await downloadResult(owner)).toBe(await readExpected());
  for (const volunteer of volunteers) await expect(volunteer.getByText("Nobody needs computing right now.")).toBeVisible();
});

test("a tab that dies in the middle of a shard costs time, not the result", async ({ owner, openVolunteer }) => {
  await submitExample(owner);
  const [lost, first] = [await openVolunteer(), await openVolunteer()];
  await startComputing(lost);
  await startComputing(first);
  await expect(lost.getByText(/Protein search shard \d+/).first()).toBeVisible();
  await crash(lost);
  // Two equal results come from two devices: another one takes the place of the lost one.
  await startComputing(await openVolunteer());
  await expect(owner.getByText("Finished", { exact: true })).toBeVisible({ timeout: COMPUTED_MS_MAX });
  expect(await downloadResult(owner)).toBe(await readExpected());
});

async function submitExample(page: Page): Promise<void> {
  await page.goto("/jobs");
  await page.getByRole("link", { name: "New job" }).first().click();
  await page.getByTestId("folder").setInputFiles(EXAMPLE);
  await expect(page.getByText("Filled in from protein-search/job.json.")).toBeVisible();
  await expect(page.getByText("51 shards × 5 replicas × 0.001 DEMO")).toBeVisible();
  await page.getByRole("checkbox", { name: /I may share these files/ }).check();
  await page.getByRole("button", { name: "Submit job" }).click();
  await expect(page.getByRole("heading", { name: "Protein search" })).toBeVisible();
}

async function downloadResult(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download result" }).click()]);
  expect(download.suggestedFilename()).toBe("Protein-search.csv");
  return await readFile(await download.path(), "utf8");
}

async function readExpected(): Promise<string> {
  return await readFile(join(EXAMPLE, "expected", "hits.csv"), "utf8");
}

/** Ends the page's process at once, workers included; nothing of it can say goodbye. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  page.goto("chrome://crash").catch(() => {});
  await crashed;
}
