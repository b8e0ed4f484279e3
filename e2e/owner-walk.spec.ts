import { readFile } from "node:fs/promises";
import type { FileChooser, Locator, Page } from "@playwright/test";
import { findFaults, sayFaults } from "./accessible.ts";
import { expect, startComputing, test } from "./people.ts";

const PROGRAM = new URL("../lib/testing/programs/spin.wasm", import.meta.url);
const JOB = {
  version: 1,
  name: "A walk of an owner",
  description: "Counts, to see that all of it can be reached.",
  topic: "tests",
  program: { runtime: "wasi", artifact: { path: "spin.wasm" }, args: ["1000"] },
  slicing: { mode: "range", from: 0, to: 12 },
};
const TABS_MAX = 90;
const CHOOSER_MS_MAX = 1500;
const SIZES = [
  { size: "a desktop", width: 1280, height: 900 },
  { size: "a phone", width: 390, height: 844 },
] as const;

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = async () => await target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < TABS_MAX && !(await isThere()); presses++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
}

async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Presses Enter on the button that has the focus until files can be chosen: a key that is pressed before the page's script has begun is lost, as it is in every page. */
async function openChooser(page: Page): Promise<FileChooser> {
  const opened = page.waitForEvent("filechooser");
  const isOpened = opened.then(() => true);
  await expect(async () => {
    await page.keyboard.press("Enter");
    expect(await Promise.race([isOpened, page.waitForTimeout(CHOOSER_MS_MAX)])).toBe(true);
  }).toPass();
  return await opened;
}

/** Nothing is wider than the screen, and axe finds nothing. */
async function check(page: Page, picture: string): Promise<void> {
  expect(sayFaults(await findFaults(page))).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: picture, fullPage: true });
}

for (const { size, ...viewport } of SIZES) {
  test(`an owner's whole walk without a pointer, on ${size}: files, dry run, estimate, submit, pause, result`, async ({ owner, openVolunteer }, info) => {
    await owner.setViewportSize(viewport);
    await owner.goto("/jobs");
    await press(owner, owner.getByRole("link", { name: "New job" }).first());
    const choose = owner.getByRole("button", { name: "Choose files" });
    await tabTo(owner, choose);
    const chooser = await openChooser(owner);
    await chooser.setFiles([
      { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(JOB)) },
      { name: "spin.wasm", mimeType: "", buffer: await readFile(PROGRAM) },
    ]);
    await expect(owner.getByText("It can run here.")).toBeVisible();
    await expect(owner.getByText("12 shards in all.")).toBeVisible();
    await press(owner, owner.getByRole("button", { name: "Run here" }));
    await expect(owner.getByText("Every shard gave the same bytes twice.")).toBeVisible();
    await expect(owner.getByText("Time of one core").first()).toBeVisible();
    await press(owner, owner.getByText("Where these numbers come from"));
    await check(owner, info.outputPath("new-job.png"));
    await press(owner, owner.getByRole("checkbox", { name: /I may share these files/ }), "Space");
    await press(owner, owner.getByRole("button", { name: "Submit job" }));

    await expect(owner.getByRole("heading", { level: 1, name: JOB.name })).toBeVisible();
    await press(owner, owner.getByRole("button", { name: "Pause" }));
    await press(owner, owner.getByRole("button", { name: "Resume" }));
    await expect(owner.getByRole("button", { name: "Pause" })).toBeVisible();
    for (const volunteer of [await openVolunteer(), await openVolunteer()]) await startComputing(volunteer);
    await expect(owner.getByText("Finished", { exact: true })).toBeVisible({ timeout: 30_000 });
    await press(owner, owner.getByText("One shard", { exact: true }));
    await tabTo(owner, owner.getByRole("spinbutton", { name: "Number of the shard" }));
    await owner.keyboard.press("ArrowUp");
    await expect(owner.getByText("2 replicas, the longest ran")).toBeVisible();
    await check(owner, info.outputPath("job.png"));
    await owner.reload();
    const download = owner.getByRole("link", { name: "Download result" });
    await tabTo(owner, download);
    const [file] = await Promise.all([owner.waitForEvent("download"), owner.keyboard.press("Enter")]);
    expect((await readFile(await file.path(), "utf8")).length).toBeGreaterThan(0);
    await owner.goto("/jobs");
    await expect(owner.getByRole("listitem").filter({ hasText: JOB.name })).toBeVisible();
    await check(owner, info.outputPath("jobs.png"));
  });
}
