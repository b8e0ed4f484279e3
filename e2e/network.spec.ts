import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { expect, startComputing, test } from "./people.ts";

const NAME = "Tides <b>of</b> the coast";
const DESCRIPTION = "How high the water stands. <img src=x onerror=alert(1)> See https://example.org/a-very-long-address-without-any-break-in-it-for-phones.";
/** Pages ask every ten seconds and are answered with what was true up to two seconds before. */
const SHOWN_MS_MAX = 15_000;
/** A count is made each minute; a rate needs two. */
const COUNTED_MS_MAX = 75_000;

test("a job is announced to volunteers and on the network page while it runs, as plain text", async ({ owner, openVolunteer }) => {
  const volunteer = await openVolunteer();
  await expect(volunteer.getByText("No job waits right now.")).toBeVisible();
  await submit(owner);
  const dialogs: string[] = [];
  for (const page of [volunteer, owner]) page.on("dialog", (dialog) => dialogs.push(dialog.message()));
  await volunteer.reload();
  await expect(volunteer.getByText(NAME)).toBeVisible({ timeout: SHOWN_MS_MAX });
  await expect(volunteer.getByText(DESCRIPTION)).toBeVisible();
  await expect(volunteer.getByText("No job waits right now.")).toHaveCount(0);

  await owner.setViewportSize({ width: 360, height: 740 });
  await owner.goto("/");
  await expect(owner.getByText("Jobs running")).toBeVisible();
  await expect(owner.getByRole("img", { name: `10 shards of ${NAME}: 10 waiting.` })).toBeVisible();
  await owner.getByRole("contentinfo").getByRole("link", { name: "Network" }).click();
  await expect(owner.getByRole("heading", { name: "Network" })).toBeVisible();
  await expect(owner.getByText(NAME)).toBeVisible();
  await expect(owner.getByText(/· for 0x[0-9a-f]{4}…[0-9a-f]{4}$/i)).toBeVisible();
  await expect(owner.getByText("0 of 10 shards")).toBeVisible();
  await expect(owner.getByText("Waits for a device.")).toBeVisible();
  for (const page of [volunteer, owner]) {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  }
  expect(dialogs).toEqual([]);
  await cancel(owner);
  await expect(volunteer.getByText("No job waits right now.")).toBeVisible({ timeout: SHOWN_MS_MAX });
});

test("figures and the chart come from the instance's counts, and the file holds what the table shows", async ({ page, openVolunteer }) => {
  await startComputing(await openVolunteer());
  await page.goto("/network");
  await page.setViewportSize({ width: 360, height: 740 });
  const chart = page.getByRole("img", { name: /^Verified shards a minute over the last hour/ });
  await expect(chart).toBeVisible({ timeout: COUNTED_MS_MAX });
  await expect(page.getByText("Verified so far")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("table", { name: "Verified shards a minute" })).toBeVisible();
  const rows = await page.getByRole("row").count();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download CSV" }).click()]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines[0]).toBe("from,to,shards_per_minute,devices");
  expect(lines.length).toBe(rows);
  await page.getByRole("button", { name: "Week" }).click();
  await expect(page.getByRole("img", { name: /over the last week/ })).toBeVisible();
});

/** Ends the job, so that other stories do not compute it. */
async function cancel(page: Page): Promise<void> {
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("button", { name: "Cancel job" }).click();
  await page.getByRole("dialog", { name: "Cancel this job?" }).getByRole("button", { name: "Cancel job" }).click();
  await expect(page.getByText("You cancelled the job.")).toBeVisible();
}

async function submit(page: Page): Promise<void> {
  const job = {
    version: 1,
    name: NAME,
    description: DESCRIPTION,
    topic: "oceans",
    program: { runtime: "wasi", artifact: { path: "p.wasm" } },
    slicing: { mode: "range", from: 0, to: 10 },
  };
  await page.goto("/jobs/new");
  await page.getByTestId("files").setInputFiles([
    { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(job)) },
    { name: "p.wasm", mimeType: "", buffer: Buffer.from(assembleModule()) },
  ]);
  await page.getByRole("checkbox", { name: /I may share these files/ }).check();
  await page.getByRole("button", { name: "Submit job" }).click();
  await expect(page.getByRole("heading", { name: NAME })).toBeVisible();
}
