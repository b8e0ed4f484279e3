import type { Page } from "@playwright/test";
import { expect, test } from "./people.ts";

const PHONE = { width: 360, height: 740 };

/** How far the page itself can be scrolled sideways, in pixels. */
const overflowOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("the docs open from the header, and a search by keyboard leads to the word that was looked for", async ({ page, baseURL }) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto("/");
  await page.getByRole("banner").getByRole("link", { name: "Docs", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Docs", level: 1 })).toBeVisible();
  await expect(page).toHaveTitle("Docs · Shoal");
  expect(requests.filter((url) => url.includes("search.json"))).toEqual([]);

  const field = page.getByRole("searchbox", { name: "Search the docs" });
  await field.focus();
  await page.keyboard.type("grant");
  const first = page.getByRole("search").getByRole("link").first();
  await expect(first).toHaveAttribute("href", "/docs/reference/glossary#grant");
  await page.keyboard.press("ArrowDown");
  await expect(first).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field).toBeFocused();
  await expect(first).toBeHidden();
  await page.keyboard.type(" ");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/docs\/reference\/glossary#grant$/);
  await expect(page.locator("#grant")).toBeInViewport();
  await expect(page.getByRole("navigation", { name: "Pages of the docs" }).getByRole("link", { name: "Glossary" })).toHaveAttribute("aria-current", "page");
  expect(requests.filter((url) => !url.startsWith(baseURL ?? "-") && !url.startsWith("data:"))).toEqual([]);
});

test("every page can be read from the first to the last, fits a phone, and has its own title", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await page.goto("/docs");
  const count = await page.getByRole("main").getByRole("listitem").count();
  const heading = page.getByRole("heading", { level: 1 });
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await expect(heading).not.toHaveText("Docs");
  const titles = new Set<string>();
  for (let i = 1; i <= count; i++) {
    const title = await heading.textContent();
    await expect(page).toHaveTitle(`${title} · Shoal`);
    titles.add(`${title}`);
    expect(await overflowOf(page), page.url()).toBe(0);
    if (i === count) break;
    await page.getByRole("navigation", { name: "Previous and next page" }).getByRole("link", { name: /^Next/ }).click();
    await expect(heading).not.toHaveText(title ?? "");
  }
  expect(titles.size).toBe(count);
  await expect(page.getByRole("navigation", { name: "Previous and next page" }).getByRole("link", { name: /^Next/ })).toHaveCount(0);
});

test("code is copied as it stands, and an error's address leads to its text", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/docs/guide/run-the-demo");
  await page.getByRole("button", { name: "Copy" }).first().click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("npm run demo");
  await page.goto("/docs/reference/errors#shard_lost");
  await expect(page.getByRole("heading", { name: "shard_lost" })).toBeInViewport();
});

test("a page that is not there is not found", async ({ page }) => {
  expect((await page.goto("/docs/guide/nowhere"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

test("the header fits the narrowest phone also with somebody signed in", async ({ owner }) => {
  await owner.setViewportSize(PHONE);
  await owner.goto("/jobs");
  const banner = owner.getByRole("banner");
  for (const name of ["Lend this tab", "Run a program", "Docs"]) await expect(banner.getByRole("link", { name, exact: true })).toBeInViewport({ ratio: 1 });
  await expect(banner.getByRole("button", { name: /^Account/ })).toBeInViewport({ ratio: 1 });
  await expect(banner.getByRole("button", { name: /^Theme/ })).toBeInViewport({ ratio: 1 });
  expect(await overflowOf(owner)).toBe(0);
});

test("a reason that a page gives leads to its explanation in a tab of its own, and the page goes on", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByText("Nobody needs computing right now.")).toBeVisible();
  const [docs] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "What does this mean?" }).click()]);
  await expect(docs).toHaveURL(/\/docs\/reference\/errors#no_jobs$/);
  await expect(docs.getByRole("heading", { name: "no_jobs" })).toBeInViewport();
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
});

test("a tab that computes goes on when somebody wants to read: documents open beside it, and in its place once it has stopped", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  const door = page.getByRole("banner").getByRole("link", { name: "Docs", exact: true });
  const [docs] = await Promise.all([page.waitForEvent("popup"), door.click()]);
  await expect(docs.getByRole("heading", { name: "Docs", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible();
  await door.click();
  await expect(page).toHaveURL(/\/docs$/);
});
