import type { Page } from "@playwright/test";
import { expect, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

/** A window of 1280 by 800 at 200 %: half as many pixels of the page, each twice as large (WCAG 1.4.4). */
const ZOOMED = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
const PUBLIC = [
  "/",
  "/volunteer",
  "/network",
  "/status",
  "/templates",
  "/pools/join",
  "/rewards",
  "/docs",
  "/docs/reference/protocol",
  "/shortcuts",
  "/privacy",
  "/terms",
  "/jobs",
  "/nowhere",
];
const OWN = ["/jobs", "/jobs/new", "/editor", "/keys", "/account", "/pools", "/device", "/billing", "/rewards"];

/** Looks for what zoom breaks: a page wider than its window, a control beyond its edge, and text cut off where nothing scrolls or says that it is cut. */
async function findBroken(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const root = document.documentElement;
    const sideways = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} pixels wide`] : [];
    const nameOf = (element: Element) => `${element.tagName.toLowerCase()} "${(element.textContent ?? "").trim().slice(0, 40)}"`;
    // What is clipped away as a whole is for screen readers.
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && getComputedStyle(element).clipPath === "none";
    const scrolls = (element: Element | null): boolean => {
      for (let box = element; box && box !== document.body; box = box.parentElement) if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return true;
      return false;
    };
    const beyond = [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((control) => {
      const { left, right } = control.getBoundingClientRect();
      return isSeen(control) && !scrolls(control) && (left < -1 || right > root.clientWidth + 1);
    });
    const cut = [...document.body.querySelectorAll("*")].filter((element) => {
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element);
      const hides = [overflowX, overflowY].some((overflow) => overflow === "hidden" || overflow === "clip");
      const saysSo = textOverflow === "ellipsis" || webkitLineClamp !== "none";
      const isCut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      return hides && !saysSo && isSeen(element) && isCut && (element.textContent ?? "").trim() !== "" && !element.closest("svg");
    });
    return [...sideways, ...beyond.map((element) => `beyond the edge: ${nameOf(element)}`), ...cut.map((element) => `cut off: ${nameOf(element)}`)];
  });
}

async function expectWhole(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await findBroken(page), path).toEqual([]);
}

test("at 200 % nothing scrolls sideways, lies beyond the edge or is cut off", async ({ browser }) => {
  for (const locale of ["en", "de"]) {
    const context = await browser.newContext({ ...ZOOMED, locale });
    const page = await context.newPage();
    for (const path of PUBLIC) await expectWhole(page, path);
    await context.close();
  }
});

test("with text twice as large neither", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "de" });
  const page = await context.newPage();
  // As somebody who set a larger font in the browser.
  const session = await context.newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  for (const path of PUBLIC) await expectWhole(page, path);
  await context.close();
});

test("an owner's pages at 200 % are whole too", async ({ owner, baseURL }) => {
  const jobId = await submitRange(owner, String(baseURL), { name: "A job with a name that is rather long, so that it has to break somewhere", shards: 10 });
  await owner.setViewportSize(ZOOMED.viewport);
  for (const path of [...OWN, `/jobs/${jobId}`]) await expectWhole(owner, path);
});
