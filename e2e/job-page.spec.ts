import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
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

test("a job page says how shards failed, shows one of them from near, and the job is found and copied", async ({ owner, openVolunteer }) => {
  await submit(owner, ["exit", "3"]);
  for (const volunteer of [await openVolunteer(), await openVolunteer()]) await startComputing(volunteer);
  const groups = owner.locator("section", { has: owner.getByRole("heading", { name: "How shards failed" }) });
  await expect(groups.getByText("6 shards failed like this")).toBeVisible({ timeout: 60_000 });
  await expect(groups.getByText("Exit code 3")).toBeVisible();

  await owner.getByText("One shard", { exact: true }).click();
  await owner.getByRole("spinbutton", { name: "Number of the shard" }).fill("4");
  await expect(owner.getByText("2 replicas, the longest ran")).toBeVisible();
  await expect(owner.getByRole("img", { name: /^Verdicts a minute over the life of the job/ })).toBeVisible();
  await expect(owner.getByText("Wrong results promised")).toBeVisible();

  await owner.getByRole("link", { name: "Duplicate as new" }).click();
  await expect(owner.getByText("Filled in from the job Mixed fates.")).toBeVisible();
  await expect(owner.getByLabel("Arguments", { exact: true })).toHaveValue("exit 3");
  await expect(owner.getByText("It can run here.")).toBeVisible();

  await owner.goto("/jobs");
  await owner.getByLabel("Find").fill("mixed F");
  await expect(owner.getByRole("listitem").filter({ hasText: "Mixed fates" })).toBeVisible();
  await owner.getByLabel("Find").fill("nowhere");
  await expect(owner.getByText("No job is like this")).toBeVisible();
});
