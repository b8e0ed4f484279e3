import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { expectAccessible } from "./accessible.ts";
import { fillInHeights } from "./heights.ts";
import { expect, test } from "./people.ts";
import { enrolTrustedDevice } from "./trusted-device.ts";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "protein-search");
async function openFilled(page: Page): Promise<void> {
  await page.goto("/jobs/new");
  await page.getByTestId("folder").setInputFiles(EXAMPLE);
  await expect(page.getByText(/Filled in from/)).toBeVisible();
}

test("a chosen program is inspected, the input is shown as it is cut, and arguments are checked while they are typed", async ({ owner }) => {
  await openFilled(owner);
  const inspection = owner.getByRole("region", { name: "What the program is" });
  await expect(inspection).toContainText("It can run here.");
  await expect(inspection).toContainText("Built with");
  const preview = owner.getByRole("table", { name: "First shards" });
  await expect(owner.getByText("51 shards in all.")).toBeVisible();
  await expect(preview.getByRole("row")).toHaveCount(6);
  await expect(preview.getByRole("row").nth(1)).toContainText("from byte 0");

  await owner.getByLabel("Arguments", { exact: true }).fill("{nobody}");
  await expect(owner.getByText("The placeholder {nobody} is unknown here.")).toBeVisible();
  await owner.getByRole("radio", { name: /Range of numbers/ }).check();
  await owner.getByLabel("Arguments", { exact: true }).fill("{from} {to} {shard}");
  await expect(preview.getByRole("row").nth(2)).toContainText("1 2 1");
  await expect(preview.getByRole("row").nth(2)).toContainText("from = 1, to = 2, step = 1");

  const threaded = assembleModule({ memories: [[0x03, 1, 1]] });
  await owner.getByTestId("program-file").setInputFiles({ name: "threads.wasm", mimeType: "", buffer: Buffer.from(threaded) });
  await expect(inspection).toContainText("It cannot run here as it is:");
  await expect(inspection).toContainText("leave out -pthread");
});

test("a draft outlives its tab, a second tab is told, and its job.json fills in the same form", async ({ owner }) => {
  await openFilled(owner);
  await owner.getByLabel("Name", { exact: true }).fill("Kept for later");
  await expect(owner.getByText(/^Draft kept in this browser/)).toBeVisible();
  const [download] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("button", { name: "Download job.json" }).click()]);
  const document = await readFile(await download.path(), "utf8");
  expect(JSON.parse(document)).toMatchObject({ name: "Kept for later", program: { artifact: { path: "protein-search.wasm" } } });

  await owner.reload();
  await expect(owner.getByText(/^This is your draft from/)).toBeVisible();
  await expect(owner.getByLabel("Name", { exact: true })).toHaveValue("Kept for later");
  await expect(owner.getByText("51 shards in all.")).toBeVisible();

  const second = await owner.context().newPage();
  await second.goto("/jobs/new");
  await expect(second.getByText("This draft is open in another tab")).toBeVisible();
  await second.getByRole("button", { name: "Continue the draft here" }).click();
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("Kept for later");
  await expect(owner.getByText("This draft is open in another tab")).toBeVisible();
  await second.getByLabel("Name", { exact: true }).fill("Changed there");
  await expect(second.getByText(/^Draft kept in this browser/)).toBeVisible();
  await owner.getByRole("button", { name: "Continue the draft here" }).click();
  await owner.getByRole("dialog", { name: "Replace what is entered here?" }).getByRole("button", { name: "Keep what is here" }).click();
  await expect(owner.getByLabel("Name", { exact: true })).toHaveValue("Kept for later");

  await second.getByRole("button", { name: "Start over" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Start over" }).click();
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("");
  await second.getByTestId("files").setInputFiles({ name: "job.json", mimeType: "", buffer: Buffer.from(document) });
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("Kept for later");
  await expect(second.getByText("protein-search.wasm is named in job.json but was not dropped.")).toBeVisible();
  await expect(second.getByText(/^Draft kept in this browser/)).toBeVisible();

  // A file that is gone before it is read is named as such, and the draft stays.
  await holdDraft(second);
  await second.reload();
  const gone = test.info().outputPath("job.json");
  await writeFile(gone, document);
  await second.getByTestId("files").setInputFiles(gone);
  await rm(gone);
  await second.evaluate(() => globalThis.letDraftBeRead());
  await expect(second.getByText("A file could not be read. Choose them again.")).toBeVisible();
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("Kept for later");

  // What is dropped while the draft is not read yet comes after it.
  await second.reload();
  await dropFile(second, "job.json", document.replace("Kept for later", "Dropped early"));
  await second.evaluate(() => globalThis.letDraftBeRead());
  await expect(second.getByText("Filled in from job.json. Check it below.")).toBeVisible();
  await expect(second.getByText(/^Draft kept in this browser/)).toBeVisible();
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("Dropped early");

  // So is what is typed, and the rest of the draft stands beside it.
  await second.reload();
  await expect(second.getByLabel("Arguments", { exact: true })).toHaveValue("");
  await second.getByLabel("Name", { exact: true }).fill("Typed early");
  await second.evaluate(() => globalThis.letDraftBeRead());
  await expect(second.getByText(/^This is your draft from/)).toBeVisible();
  await expect(second.getByLabel("Name", { exact: true })).toHaveValue("Typed early");
  await expect(second.getByLabel("Arguments", { exact: true })).not.toHaveValue("");

  // A browser without room says so while it can still be helped.
  await second.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("There is no room.", "QuotaExceededError");
    };
  });
  await second.reload();
  await second.evaluate(() => globalThis.letDraftBeRead());
  await expect(second.getByText(/^This is your draft from/)).toBeVisible();
  await second.getByLabel("Name", { exact: true }).fill("Too much");
  await expect(second.getByRole("alert").filter({ hasText: "This browser keeps no draft" })).toBeVisible();
  await second.close();
});

declare global {
  var letDraftBeRead: () => void;
}

/** From its next load on the page is not told that it has the draft until `letDraftBeRead()`, as where another tab is slow to let go of it. */
async function holdDraft(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const ask = LockManager.prototype.request;
    const told = Promise.withResolvers<void>();
    globalThis.letDraftBeRead = told.resolve;
    LockManager.prototype.request = async function (this: LockManager, ...args: Parameters<typeof ask>) {
      await told.promise;
      return await ask.apply(this, args);
    } as typeof ask;
  });
}

/** Drops a file on the form, as from a program that has it only in memory. */
async function dropFile(page: Page, name: string, content: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], fileName));
      return transfer;
    },
    [name, content] as const,
  );
  await page.getByRole("region", { name: "Drop a folder or files here" }).dispatchEvent("drop", { dataTransfer });
}

test("a dry run shows what the first shards write, that they do so twice alike, and what went wrong", async ({ owner }) => {
  await openFilled(owner);
  const trial = owner.locator("section", { has: owner.getByRole("heading", { name: "Dry run" }) });
  const estimate = owner.locator("section", { has: owner.getByRole("heading", { name: "Estimate" }) });
  // The cost needs no dry run.
  await expect(estimate.getByText("0.1071 DEMO")).toBeVisible();
  await expect(owner.getByRole("radio", { name: /^Instant .* about 0\.1071 DEMO in all/ })).toBeVisible();
  await expect(estimate.getByText("a dry run shows it")).not.toHaveCount(0);
  await trial.getByRole("button", { name: "Run here" }).click();
  await expect(trial.getByText("Every shard gave the same bytes twice.")).toBeVisible({ timeout: 30_000 });
  await expect(trial.getByRole("table", { name: "Output of shard 1" }).getByRole("row")).toHaveCount(11);
  await expect(trial.getByText(/of memory, .* of output/)).toHaveCount(2);

  await expect(estimate.getByText("a dry run shows it")).toHaveCount(0);
  await owner.getByRole("radio", { name: /^Instant/ }).check();
  await owner.getByLabel("Equal results needed").fill("3");
  await expect(estimate.getByText("0.1071 DEMO")).toBeHidden();
  await expect(owner.getByRole("radio", { name: /^Standard/ })).toBeDisabled();

  await owner.getByLabel("Arguments", { exact: true }).fill("--database /data/nowhere");
  await expect(trial.getByText("Something was changed since: run it again.")).toBeVisible();
  await owner.getByLabel("Shards", { exact: true }).selectOption("1");
  await trial.getByRole("button", { name: "Run again" }).click();
  await expect(trial.getByText(/ended alike twice, but not every one with an output/)).toBeVisible();
  await expect(estimate.getByText(/^no shard of the dry run ended with an output/)).not.toHaveCount(0);
  await trial.getByText("Log of shard 0 (stderr)").click();
  await expect(trial.getByRole("region", { name: "Log of shard 0 (stderr)" })).toContainText("nowhere");
});

test("a dry run is repeated on a trusted device; where that writes other bytes it is said where, and a press takes the comparison under which both agree", async ({
  owner,
  baseURL,
}) => {
  await owner.goto("/jobs/new");
  await fillInHeights(owner);
  const trial = owner.locator("section", { has: owner.getByRole("heading", { name: "Dry run" }) });
  await trial.getByRole("button", { name: "Run here" }).click();
  const trusted = trial.getByRole("region", { name: "The same on a trusted device" });
  const compare = trusted.getByRole("button", { name: "Compare with a trusted device" });
  await compare.click({ timeout: 30_000 });
  await expect(trusted.getByText("No trusted device is online, so nothing can be compared now.")).toBeVisible();

  const device = await enrolTrustedDevice(baseURL ?? "");
  try {
    await compare.click();
    await expect(trusted.getByText("A trusted device wrote the same bytes for every shard.")).toBeVisible({ timeout: 30_000 });
    // The lowest bit of each shard's first number.
    device.rounds = (output) => Buffer.from(output.map((byte, at) => (at === 0 ? byte | 1 : byte)));
    await compare.click();
    await expect(trusted.getByText("A trusted device did not come to the same for every shard")).toBeVisible({ timeout: 30_000 });
  } finally {
    await device.leave();
  }
  await expect(trusted.getByText("The outputs differ from byte 0 on. Bytes that differ: 1.")).toHaveCount(2);
  const proposed = trusted.getByRole("button", { name: "Compare as f64 within 1e-15" });
  await expect(proposed).toHaveCount(2);
  await proposed.first().click();
  await expect(trial.getByText("Outputs are compared as numbers (f64), relative tolerance 1e-15.")).toBeVisible();
  await expect(trusted.getByText("its outputs agree by the comparison in use")).toBeVisible();
  await expectAccessible(owner);
  const [download] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("button", { name: "Download job.json" }).click()]);
  const { verification } = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(verification.compare).toMatchObject({ kind: "numeric", elements: "f64", relative: 1e-15 });
  // Pressed again, bytes count again.
  await proposed.first().click();
  await expect(trusted.getByText("A trusted device did not come to the same for every shard")).toBeVisible();
});
