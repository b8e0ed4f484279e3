import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./people.ts";

const SHOUT = join(import.meta.dirname, "..", "lib", "testing", "programs", "shout.wasm");
const PART_BYTES = 8 * 1024 * 1024;
const LINE_BYTES = 64;

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-story-"));
});
test.afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function fillIn(owner: Page, input: string): Promise<void> {
  await owner.goto("/jobs/new");
  await owner.getByTestId("program-file").setInputFiles(SHOUT);
  await owner.getByTestId("input-file").setInputFiles(input);
  await owner.getByLabel("Name", { exact: true }).fill("Twenty mebibytes");
  await owner.getByLabel("Lines per shard").fill("100000");
  await owner.getByLabel(/I may share these files/).check();
}

test("a large upload shows rate and time, waits for a lost connection, and goes on after a reload with the same file", async ({ owner }) => {
  const input = join(folder, "large.txt");
  await writeFile(input, `${randomBytes(LINE_BYTES / 2 - 1).toString("hex")}!\n`.repeat((2.5 * PART_BYTES) / LINE_BYTES));
  const offsets: number[] = [];
  let isCut = true;
  await owner.route("**/api/v1/uploads/upl_*", async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get("offset"));
    offsets.push(offset);
    if (isCut && offset > 0) await route.abort("connectionreset");
    else await route.continue();
  });
  await fillIn(owner, input);
  await owner.getByRole("button", { name: "Submit job" }).click();
  const bar = owner.getByRole("progressbar", { name: /large\.txt/ });
  await expect(owner.getByText("The connection is lost.")).toBeVisible();
  await expect(bar).toHaveAttribute("aria-valuenow", String(PART_BYTES));
  await owner.reload();

  isCut = false;
  offsets.length = 0;
  await fillIn(owner, input);
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: "Twenty mebibytes" })).toBeVisible();
  expect(offsets).toEqual([PART_BYTES, 2 * PART_BYTES]);
});
