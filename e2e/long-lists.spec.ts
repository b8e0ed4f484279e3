import { expect, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const SHARDS = 100_000;
/** What a screen shows and what is kept ready around it. */
const ROWS_MAX = 60;

test("a table of 100,000 shards holds the rows near its frame, from the first to the last", async ({ owner, baseURL }) => {
  const jobId = await submitRange(owner, String(baseURL), { name: "A hundred thousand shards", shards: SHARDS });
  await owner.goto(`/jobs/${jobId}`);
  await owner.getByText("Every shard", { exact: true }).click();
  const table = owner.getByRole("table", { name: "Shards of this job" });
  await expect(table).toHaveAttribute("aria-rowcount", String(SHARDS + 1));
  const rows = table.locator("tr[aria-rowindex]");
  await expect(rows.nth(1)).toContainText("No verdict yet");
  expect(await rows.count()).toBeLessThan(ROWS_MAX);

  await owner.getByRole("region", { name: "Shards of this job" }).focus();
  await owner.keyboard.press("End");
  await expect(table.locator(`tr[aria-rowindex='${SHARDS + 1}']`)).toContainText("99,999");
  await expect(table.locator(`tr[aria-rowindex='${SHARDS + 1}']`)).toContainText("No verdict yet");
  expect(await rows.count()).toBeLessThan(ROWS_MAX);
  await owner.keyboard.press("PageUp");
  await owner.keyboard.press("Home");
  await expect(rows.nth(1)).toHaveAttribute("aria-rowindex", "2");
});
