import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expectAccessible } from "./accessible.ts";
import { expect, startComputing, test } from "./people.ts";
import { readQrCode } from "./read-qr-code.ts";
import { SPIN, submitRange } from "./submit-range.ts";

const SHARDS = 4;
const WALK_MS_MAX = 180_000;

test("a job is computed by who followed its link, read by everybody once it is published, and its result is gone once its owner deletes it", async ({
  owner,
  openVolunteer,
  page,
  baseURL,
}) => {
  test.setTimeout(WALK_MS_MAX);
  const jobId = await submitRange(owner, baseURL ?? "", { name: "Sums for all", shards: SHARDS });
  await owner.goto(`/jobs/${jobId}`);
  const share = owner.locator("section", { has: owner.getByRole("heading", { name: "Share this job" }) });
  const link = await readQrCode(share.getByRole("img", { name: "QR code of the link" }), page);
  await expect(share.getByText("/volunteer?job=")).toHaveText(link);
  for (const volunteer of [await openVolunteer(), await openVolunteer()]) {
    await volunteer.goto(link);
    await expect(volunteer.getByText("The link you followed asks for this job")).toBeVisible();
    await startComputing(volunteer);
  }
  await expect(owner.getByText("Finished", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(share).toBeHidden();

  expect((await page.goto(`/results/${jobId}`))?.status()).toBe(404);
  await owner.getByRole("button", { name: "Publish" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(owner.getByRole("link", { name: "Open the public page" })).toBeVisible();
  await page.goto(`/results/${jobId}`);
  await expect(page.getByRole("heading", { level: 1, name: "Sums for all" })).toBeVisible();
  const digest = createHash("sha256")
    .update(await readFile(SPIN))
    .digest("hex");
  await expect(page.getByText(digest, { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "To cite it" })).toContainText(
    new RegExp(`Sums for all\\. 4 verified shards, assurance .*sha256:${digest.slice(0, 16)}.*/results/${jobId}`),
  );
  await expectAccessible(page);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download result" }).click()]);
  const result = await readFile(await file.path(), "utf8");
  expect(result).toBe(await (await owner.request.get(`/api/v1/jobs/${jobId}/results`)).text());
  expect(result).not.toBe("");

  await owner.reload();
  await owner.getByRole("button", { name: "Delete result" }).click();
  const question = owner.getByRole("dialog", { name: "Delete this result?" });
  await question.getByRole("button", { name: "Delete result" }).click();
  await expect(owner.getByText("The result was deleted: its time was over, or its owner deleted it.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("The result was deleted: its time was over, or its owner deleted it.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Download result" })).toBeHidden();
  expect((await page.request.get(`/api/v1/results/${jobId}/file`)).status()).toBe(410);
});
