import { expect, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

test("what a volunteer lends is chosen before and while computing, holds at once, and is remembered", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  await page.setViewportSize({ width: 360, height: 740 });
  const share = page.getByRole("slider", { name: "Speed" });
  await share.fill("50");
  await expect(page.getByText(/at 50% of their speed/)).toBeVisible();
  await page.getByText("More limits").click();
  await page.getByLabel("Data a day").selectOption("500 MiB");
  await page.getByLabel("Power").selectOption("On battery too");
  await page.getByRole("checkbox", { name: "Only between certain hours" }).check();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("22:00");
  await page.getByRole("checkbox", { name: "Only between certain hours" }).uncheck();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);

  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByText("Nobody needs computing right now.")).toBeVisible();
  await page.getByLabel("This page").selectOption("Compute only while hidden");
  await expect(page.getByText("Paused while you look at this page, as you chose.")).toBeVisible();
  await expect(page.getByText(/^50% asked for/)).toBeVisible();
  await page.getByLabel("This page").selectOption("Compute whether seen or hidden");
  await expect(page.getByText("Paused while you look at this page, as you chose.")).toBeHidden();
  await page.getByRole("button", { name: "Stop" }).click();

  await page.reload();
  await expect(share).toHaveValue("50");
  await page.getByText("More limits").click();
  await expect(page.getByLabel("Data a day")).toHaveValue("500");
  await expect(page.getByLabel("Power")).toHaveValue("any");
});

test("receipts name what this browser computed, and are gone once they are deleted", async ({ owner, openVolunteer, baseURL }) => {
  const jobId = await submitRange(owner, String(baseURL), { name: "Receipts of a story", shards: 10 });
  const page = await openVolunteer();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByText("Show receipts").click();
  await expect(page.getByText("No shard has been computed in this browser yet.")).toBeVisible();
  await page.getByRole("button", { name: "Start" }).click();
  const receipt = page.getByRole("table", { name: "Receipts" }).getByRole("row", { name: /Receipts of a story shard \d/ });
  await expect(receipt.first()).toContainText(/[0-9a-f]{8}/);
  await expect(receipt.first()).toContainText("Taken", { timeout: 30_000 });
  await expect(receipt.getByText("Another device has to compute the same shard before it counts.").first()).toBeVisible({ timeout: 15_000 });
  const second = await openVolunteer();
  await second.goto(`/volunteer?job=${jobId}`);
  await expect(second.getByText("The link you followed asks for this job")).toBeVisible();
  await second.getByRole("button", { name: "Start" }).click();
  await expect(second.getByText("Computes only for what you chose: 1 job.")).toBeVisible();
  await expect(receipt.getByText("Verified").first()).toBeVisible({ timeout: 30_000 });
  await second.getByRole("button", { name: "Stop" }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Stopped")).toBeVisible();
  await page.getByRole("button", { name: "Delete receipts" }).click();
  const question = page.getByRole("dialog", { name: "Delete all receipts of this browser?" });
  await question.getByRole("button", { name: "Keep them" }).click();
  await expect(receipt.first()).toBeVisible();
  await page.getByRole("button", { name: "Delete receipts" }).click();
  await question.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No shard has been computed in this browser yet.")).toBeVisible();
  await page.reload();
  await page.getByText("Show receipts").click();
  await expect(page.getByText("No shard has been computed in this browser yet.")).toBeVisible();
});

test("a volunteer who chose a topic computes for nothing else, is told so, and takes the choice back", async ({ owner, openVolunteer, baseURL }) => {
  const jobId = await submitRange(owner, String(baseURL), { name: "Receipts of a story", shards: 10 });
  const page = await openVolunteer();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => localStorage.setItem("shoal-volunteer-settings", JSON.stringify({ serves: { jobs: [], topics: ["astronomy"] } })));
  await page.reload();
  await expect(page.getByText("No job waits right now.")).toBeVisible();
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByText("None of the jobs you chose needs computing right now. Others wait: 1.")).toBeVisible();
  await page.getByText("Choose jobs or topics").click();
  await expect(page.getByRole("checkbox", { name: "astronomy" })).toBeChecked();
  await page.getByRole("checkbox", { name: /Receipts of a story/ }).check();
  await expect(page.getByText("What is left has to be checked by someone else's device.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Compute for everything" }).click();
  await expect(page.getByText("Computes for every job that waits.")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Stop" }).click();
  expect((await owner.request.post(`/api/v1/jobs/${jobId}/cancel`, { data: {}, headers: { origin: String(baseURL) } })).status()).toBeLessThan(300);
});
