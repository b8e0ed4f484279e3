import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, startComputing, test } from "./people.ts";

const EXAMPLES = join(import.meta.dirname, "..", "examples");
const COMPUTED_MS_MAX = 60_000;

const read = (...path: string[]) => readFileSync(join(EXAMPLES, ...path), "utf8");
/** A table with only those of its rows that `keep` by their first field. */
const rowsOf = (csv: string, keep: (first: string) => boolean) => {
  const [head = "", ...rows] = csv.trimEnd().split("\n");
  return `${[head, ...rows.filter((row) => keep(row.split(",")[0] ?? ""))].join("\n")}\n`;
};

const QUERIES = 4;
const records = read("protein-search", "input", "queries.fasta")
  .split(/^(?=>)/m)
  .slice(0, QUERIES);
const queries = new Set(records.map((record) => /^>(\S+)/.exec(record)?.[1]));
const OUTAGES = 40;

/** Three templates as somebody uses them: two made smaller in the form, one unchanged; and what comes out then, from the known result of the whole. */
const WALKS = [
  {
    title: "Protein search",
    change: async (owner: Page) =>
      await owner.getByTestId("input-file").setInputFiles({ name: "mine.fasta", mimeType: "", buffer: Buffer.from(records.join("")) }),
    shards: `${QUERIES} shards in all.`,
    result: rowsOf(read("protein-search", "expected", "hits.csv"), (query) => queries.has(query)),
  },
  {
    title: "Power grid, N-1",
    change: async (owner: Page) => await owner.getByLabel("To", { exact: true }).fill(String(OUTAGES)),
    shards: `${OUTAGES} shards in all.`,
    result: rowsOf(read("power-grid", "expected", "violations.csv"), (outage) => Number(outage) < OUTAGES),
  },
  { title: "Vaccination and outbreaks", change: null, shards: "220 shards in all.", result: read("outbreak", "expected", "outbreaks.csv") },
] as const;

const SIZES = [
  { size: "a desktop", width: 1280, height: 900 },
  { size: "a phone", width: 390, height: 844 },
] as const;

async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}

for (const { size, ...viewport } of SIZES) {
  test(`three templates are run from the gallery to their known results, on ${size}`, async ({ owner, openVolunteer }) => {
    await owner.setViewportSize(viewport);
    const volunteers = [await openVolunteer(), await openVolunteer()];
    const jobs: string[] = [];
    for (const { title, change, shards } of WALKS) {
      await owner.goto("/templates");
      await owner.getByRole("link", { name: title }).first().click();
      await expect(owner.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expectToFit(owner);
      await owner.getByRole("link", { name: "Use this template" }).click();
      await expect(owner.getByText(`This is the template “${title}”.`)).toBeVisible();
      await change?.(owner);
      await expect(owner.getByText(shards)).toBeVisible();
      await expectToFit(owner);
      await owner.getByLabel(/I may share these files/).check();
      await owner.getByRole("button", { name: "Submit job" }).click();
      await owner.waitForURL(/\/jobs\/job_/);
      jobs.push(new URL(owner.url()).pathname);
      // They compute one job while the next is written.
      if (jobs.length === 1) for (const volunteer of volunteers) await startComputing(volunteer);
    }
    for (const [i, { result }] of WALKS.entries()) {
      await owner.goto(jobs[i] ?? "");
      await expect(owner.getByText("Finished", { exact: true }).first()).toBeVisible({ timeout: COMPUTED_MS_MAX });
      await expectToFit(owner);
      const [file] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Download result" }).click()]);
      expect(await readFile(await file.path(), "utf8")).toBe(result);
    }
  });
}

test("a newcomer picks a template, sees its known result, and has a job that is ready to be submitted", async ({ owner }) => {
  await owner.goto("/templates");
  await expect(owner.getByRole("heading", { level: 2 })).toHaveCount(7);
  await expect(owner.getByRole("table", { name: /overloaded lines/ }).getByRole("row")).toHaveCount(5);
  await expect(owner.getByText("Loading the result")).toHaveCount(0);
  await expectAccessible(owner);

  await owner.getByRole("link", { name: "Power grid, N-1" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: "Power grid, N-1" })).toBeVisible();
  await expectAccessible(owner);
  const [source] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Download src/flow.c" }).click()]);
  expect(source.suggestedFilename()).toBe("flow.c");

  await owner.getByRole("link", { name: "Use this template" }).click();
  await expect(owner.getByText("This is the template “Power grid, N-1”.")).toBeVisible();
  await expect(owner.getByText("187 shards in all.")).toBeVisible();
  await expect(owner.getByRole("region", { name: "What the program is" })).toContainText("It can run here.");

  await expect(owner.getByText(/^Draft kept in this browser/)).toBeVisible();
  await owner.goto("/jobs/new?template=protein-search");
  await expect(owner.getByText("You have a draft here")).toBeVisible();
  await owner.getByRole("button", { name: "Keep the draft" }).click();
  await expect(owner.getByText("187 shards in all.")).toBeVisible();
  await owner.reload();
  await owner.getByRole("button", { name: "Replace the draft" }).click();
  await expect(owner.getByText("51 shards in all.")).toBeVisible();

  await owner.getByLabel(/I may share these files/).check();
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: /Protein search/ })).toBeVisible();
});
