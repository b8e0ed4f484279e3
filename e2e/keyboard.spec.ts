import type { Locator, Page } from "@playwright/test";
import { openPalette } from "./open-palette.ts";
import { expect, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const TABS_MAX = 40;

/** Presses Tab until this has the focus, and looks whether that can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = async () => await target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < TABS_MAX && !(await isThere()); presses++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
  const ring = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(ring).not.toBe("none");
}

test("a new page is skipped to its content, and the palette leads to pages, docs and settings", async ({ page }) => {
  await page.goto("/network");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const skip = page.getByRole("link", { name: "Skip to content" });
  await tabTo(page, skip);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  const palette = await openPalette(page);
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("dark");
  await expect(palette.getByRole("option", { name: "Theme: dark" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(palette).toBeHidden();
  await expect(page.getByRole("main")).toBeFocused();

  await openPalette(page);
  await page.keyboard.type("grant");
  const found = palette.getByRole("option", { name: /^grant/i });
  await expect(found.first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/docs\/reference\/glossary#grant$/);

  await openPalette(page);
  await page.keyboard.type("zzzz");
  await expect(palette.getByRole("status")).toHaveText("Nothing fits. Try another word.");
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("letters lead to pages, also from the front page, and are off for who turned them off", async ({ page }) => {
  await page.goto("/");
  const palette = await openPalette(page);
  await expect(palette.getByRole("option", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Network" })).toBeVisible();
  // A key that is pressed before the page's script has begun is lost, as it is in every page.
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(page.getByRole("heading", { level: 1, name: "Keyboard shortcuts" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  const letters = page.getByRole("checkbox", { name: "Use letter shortcuts" });
  await tabTo(page, letters);
  await page.keyboard.press("Space");
  await expect(letters).not.toBeChecked();
  await page.reload();
  await expect(letters).not.toBeChecked();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await openPalette(page);
  await expect(page).toHaveURL(/\/shortcuts$/);
});

test("letters typed into a field stay there", async ({ page }) => {
  await page.goto("/docs");
  const field = page.getByRole("searchbox", { name: "Search the docs" });
  await tabTo(page, field);
  await page.keyboard.type("gn/?");
  await expect(field).toHaveValue("gn/?");
  await expect(page).toHaveURL(/\/docs$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a volunteer's whole walk: limits, Start, what is computed, Stop, receipts, without a pointer", async ({ owner, openVolunteer, baseURL }) => {
  const jobId = await submitRange(owner, String(baseURL), { name: "A walk by keyboard", shards: 10 });
  const page = await openVolunteer();
  const share = page.getByRole("slider", { name: "Speed" });
  await tabTo(page, share);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("End");
  await expect(share).toHaveAttribute("aria-valuetext", "100%");
  await tabTo(page, page.getByText("More limits"));
  await page.keyboard.press("Enter");
  const power = page.getByLabel("Power");
  await expect(power).toBeVisible();
  await tabTo(page, power);
  await page.keyboard.press("ArrowDown");
  const start = page.getByRole("button", { name: "Start" });
  await tabTo(page, start);
  await page.keyboard.press("Enter");
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeFocused();

  const show = page.getByText("Show receipts");
  await tabTo(page, show);
  await page.keyboard.press("Enter");
  const receipt = page.getByRole("table", { name: "Receipts" }).getByRole("row", { name: /A walk by keyboard/ });
  await expect(receipt.first()).toBeVisible({ timeout: 30_000 });
  for (let presses = 0; presses < TABS_MAX && !(await stop.evaluate((element) => element === document.activeElement)); presses++)
    await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Stopped")).toBeVisible();

  const remove = page.getByRole("button", { name: "Delete receipts" });
  await tabTo(page, remove);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Keep them" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(remove).toBeFocused();
  await expect(receipt.first()).toBeVisible();
  expect((await owner.request.post(`/api/v1/jobs/${jobId}/cancel`, { data: {}, headers: { origin: String(baseURL) } })).status()).toBeLessThan(300);
});
