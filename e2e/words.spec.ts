import type { Browser, Page } from "@playwright/test";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { LANGUAGES } from "#lib/text/languages.ts";
import { expect, test } from "./people.ts";

const PHONE = { width: 360, height: 740 };
const PAGES = [
  "/",
  "/volunteer",
  "/network",
  "/status",
  "/docs",
  "/docs/reference/glossary",
  "/docs/guide/run-the-demo",
  "/privacy",
  "/terms",
  "/jobs",
  "/keys",
  "/jobs/new",
  "/nowhere",
];

async function openIn(browser: Browser, locale: string): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: PHONE });
  return await context.newPage();
}

test("a browser that asks for German gets German, and a choice is kept", async ({ browser }) => {
  const page = await openIn(browser, "de-DE");
  await page.goto("/volunteer");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: "Diesen Tab verleihen", level: 1 })).toBeVisible();
  await page.goto("/docs/reference/glossary");
  await expect(page.getByText("Die Seiten der Doku sind auf Englisch.")).toBeVisible();

  const english = page.getByRole("group", { name: "Sprache" }).getByRole("button", { name: "English" });
  await english.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("group", { name: "Language" }).getByRole("button", { name: "English" })).toHaveAttribute("aria-pressed", "true");
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "lang");
  expect(cookie).toMatchObject({ value: "en", sameSite: "Lax", path: "/" });
  expect((cookie?.expires ?? 0) * 1000 - Date.now()).toBeGreaterThan(360 * 24 * 3600 * 1000);

  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: "Viele offene Tabs.", level: 1 })).toBeVisible();
  await page.context().close();
});

for (const language of LANGUAGES) {
  test(`no page breaks its policy, asks a third party or is wider than a phone (${language})`, async ({ browser, baseURL }) => {
    const page = await openIn(browser, language);
    const foreign: string[] = [];
    const violations: string[] = [];
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && origin !== baseURL) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (/Content Security Policy|Minified React error/i.test(message.text())) violations.push(message.text());
    });
    page.on("pageerror", (error) => violations.push(error.message));
    await page.exposeFunction("tellViolation", (text: string) => {
      violations.push(text);
    });
    await page.addInitScript(() => {
      const { tellViolation } = globalThis as unknown as { tellViolation: (text: string) => void };
      document.addEventListener("securitypolicyviolation", (event) => tellViolation(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI}`));
    });
    for (const path of PAGES) {
      await page.goto(path, { waitUntil: "networkidle" });
      await expect(page.locator("html"), path).toHaveAttribute("lang", language);
      await expect(page.getByRole("contentinfo").getByText(CATALOGUES[language].site.footer), path).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBe(0);
    }
    expect(violations).toEqual([]);
    expect(foreign).toEqual([]);
    await page.context().close();
  });
}

test("the texts people agree to show their version, and what this browser keeps is listed and deleted", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Terms" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Terms of use" })).toBeVisible();
  await expect(page.getByText(/^Version of \d{4}-\d\d-\d\d$/)).toBeVisible();
  await page.getByRole("button", { name: /^Theme/ }).click();
  await page.getByRole("contentinfo").getByRole("link", { name: "Privacy" }).click();
  const kept = page.getByRole("region", { name: "What this browser keeps for this site" });
  await expect(kept.getByText("Light or dark, as you chose.")).toBeVisible();
  await kept.getByRole("button", { name: "Delete all of this" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete all of this" }).click();
  await expect(kept.getByText("This browser keeps nothing for this site.", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
