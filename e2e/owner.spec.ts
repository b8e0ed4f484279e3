import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./people.ts";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "protein-search");

async function submitExample(owner: Page): Promise<void> {
  await owner.goto("/jobs/new");
  await owner.getByTestId("folder").setInputFiles(EXAMPLE);
  await expect(owner.getByText(/Filled in from/)).toBeVisible();
  await owner.getByLabel(/I may share these files/).check();
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: /Protein search/ })).toBeVisible();
}

test("pausing is undone from its message, by the keyboard alone, and the list can be narrowed to a state", async ({ owner }) => {
  await submitExample(owner);
  await owner.getByRole("button", { name: "Pause" }).click();
  const messages = owner.getByRole("region", { name: "Messages" });
  await expect(messages.getByText("Paused. No new shards are given out.")).toBeVisible();
  await expect(owner.getByRole("button", { name: "Resume" })).toBeVisible();
  await messages.getByRole("button", { name: "Undo" }).focus();
  await owner.keyboard.press("Enter");
  await expect(owner.getByRole("button", { name: "Pause" })).toBeVisible();

  await owner.goto("/jobs");
  await expect(owner.getByRole("listitem").filter({ hasText: "Protein search" })).toBeVisible();
  await owner.getByLabel("Show").selectOption("Finished");
  await expect(owner.getByText("No job is like this")).toBeVisible();
  await owner.getByRole("button", { name: "Show all jobs" }).click();
  await expect(owner.getByRole("listitem").filter({ hasText: "Protein search" })).toBeVisible();
});

test("every shard has a row that is scrolled to by the keyboard", async ({ owner }) => {
  await submitExample(owner);
  await owner.getByText("Every shard", { exact: true }).click();
  const table = owner.getByRole("table", { name: "Shards of this job" });
  await expect(table).toHaveAttribute("aria-rowcount", "52");
  await expect(table.getByRole("row").nth(1)).toContainText("No verdict yet");
  const frame = owner.getByRole("region", { name: "Shards of this job" });
  await frame.focus();
  await owner.keyboard.press("End");
  await expect(table.locator("tr[aria-rowindex='52']")).toContainText("50");
  await owner.getByLabel("Show").selectOption("Failed");
  await expect(owner.getByText("No shard has this verdict yet.")).toBeVisible();
});

test("an owner takes their data along, and deletes the account once no job is open", async ({ owner }) => {
  await submitExample(owner);
  const jobUrl = owner.url();
  await owner.goto("/account");
  const [download] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Download as JSON" }).click()]);
  const data = JSON.parse(await readFile(await download.path(), "utf8")) as {
    jobs: { submission: { name: string } }[];
    uploads: unknown[];
    consents: { document: string }[];
  };
  expect([data.jobs.length, data.uploads.length > 0, data.consents.map(({ document }) => document)]).toEqual([1, true, ["terms"]]);

  const remove = async () => {
    await owner.getByRole("button", { name: "Delete account" }).click();
    const dialog = owner.getByRole("dialog", { name: "Delete this account?" });
    await expect(dialog.getByText(/Your balance of .* DEMO is given up/)).toBeVisible();
    await dialog.getByRole("button", { name: "Delete account" }).click();
  };
  await remove();
  await expect(owner.getByRole("alert").filter({ hasText: "have not ended" })).toContainText("Protein search");

  await owner.goto(jobUrl);
  await owner.getByRole("button", { name: "Cancel job" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
  await expect(owner.getByText("Cancelled", { exact: true })).toBeVisible();
  await owner.goto("/account");
  await remove();
  await expect(owner).toHaveURL(/\/$/);
  await owner.goto("/jobs");
  await expect(owner.getByRole("heading", { name: "Sign in to run programs" })).toBeVisible();
});
