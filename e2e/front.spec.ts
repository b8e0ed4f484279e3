import { gzipSync } from "node:zlib";
import { expect, test } from "./people.ts";

/** The front page's own script; without it the page is complete, only still. */
const SCRIPT_BYTES_MAX = 12 * 1024;

test("the front page is a document with one small script, and its doors work without any", async ({ page, browser, baseURL }) => {
  const scripts: Buffer[] = [];
  page.on("response", async (response) => {
    if (response.request().resourceType() === "script") scripts.push(await response.body());
  });
  await page.goto("/", { waitUntil: "networkidle" });
  expect(scripts.length).toBe(1);
  expect(gzipSync(scripts[0] ?? "").length).toBeLessThan(SCRIPT_BYTES_MAX);

  const still = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" });
  const noScript = await still.newPage();
  await noScript.goto("/");
  await expect(noScript.getByRole("heading", { level: 1 })).toBeVisible();
  await noScript.getByRole("region", { name: "Where to go" }).getByRole("link", { name: "Lend this tab" }).click();
  await expect(noScript).toHaveURL(/\/volunteer$/);
  await still.close();
});

test("the theme is chosen on the front page and kept on the others", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Theme: as your system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("banner").getByRole("link", { name: "Docs", exact: true }).click();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
});
