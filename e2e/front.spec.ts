import { gzipSync } from "node:zlib";
import { expect, test } from "./people.ts";

/** The one script of pages that are documents; without it they are complete, only still. */
const SCRIPT_BYTES_MAX = 12 * 1024;

for (const path of ["/", "/docs", "/docs/guide/lend-a-tab"]) {
  test(`${path} is a document with one small script`, async ({ page }) => {
    const scripts: Buffer[] = [];
    page.on("response", async (response) => {
      if (response.request().resourceType() === "script") scripts.push(await response.body());
    });
    await page.goto(path, { waitUntil: "networkidle" });
    expect(scripts.length).toBe(1);
    expect(gzipSync(scripts[0] ?? "").length).toBeLessThan(SCRIPT_BYTES_MAX);
  });
}

test("the doors of the front page work without any script, and so do the docs", async ({ browser, baseURL }) => {
  const still = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" });
  const noScript = await still.newPage();
  await noScript.goto("/");
  await expect(noScript.getByRole("heading", { level: 1 })).toBeVisible();
  await noScript.getByRole("region", { name: "Where to go" }).getByRole("link", { name: "Lend this tab" }).click();
  await expect(noScript).toHaveURL(/\/volunteer$/);
  await noScript.goto("/docs");
  await noScript.getByRole("main").getByRole("link", { name: "Lend a tab" }).first().click();
  await expect(noScript.getByRole("heading", { name: "Lend a tab", level: 1 })).toBeVisible();
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

for (const path of ["/", "/docs", "/network"]) {
  test(`${path} says that the browser has no connection, and stops saying so`, async ({ page, context }) => {
    await page.goto(path);
    const banner = page.getByRole("status").getByText("You are offline.");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(banner).toBeHidden();
    await context.setOffline(true);
    await expect(banner).toBeVisible();
    await context.setOffline(false);
    await expect(banner).toBeHidden();
  });
}

test("a page whose frame fails says so in its own words, and leads back", async ({ page }) => {
  // The frame cannot say when anything was: it fails in the browser, as it would for want of a part.
  await page.addInitScript(() => {
    if (location.pathname === "/network") Object.defineProperty(Intl, "RelativeTimeFormat", { value: undefined });
  });
  await page.goto("/network");
  await expect(page.getByText("This page did not load")).toBeVisible();
  await expect(page.getByText("Diese Seite konnte nicht geladen werden")).toBeVisible();
  await page.getByRole("link", { name: "Shoal" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
