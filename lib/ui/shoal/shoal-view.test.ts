import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ShardState } from "#lib/domain/job/shard-map.ts";
import { type ExecutorPage, openExecutorPage } from "#workers/executor/testing/open-executor-page.ts";
import type { ShoalProbe } from "./shoal-page.ts";
import { SWIM_MS } from "./swim.ts";

declare global {
  var shoal: ShoalProbe;
}

let browser: ExecutorPage;
beforeAll(async () => {
  browser = await openExecutorPage({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    entries: [new URL("./shoal-page.ts", import.meta.url)],
  });
});
afterAll(() => browser.close());

beforeEach(async () => {
  await browser.page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
  await browser.page.reload();
  await browser.page.evaluate(() => {
    globalThis.shoal = globalThis.openShoal();
  });
  await show(Array.from({ length: 51 }, () => "waiting"));
  await rest();
});
afterEach(() => browser.page.evaluate(() => globalThis.shoal.dispose()));

const show = (states: ShardState[]) => browser.page.evaluate((given) => globalThis.shoal.show(given), states);
const frames = () => browser.page.evaluate(() => globalThis.shoal.frames());
const picture = () => browser.page.evaluate(() => globalThis.shoal.picture());
const rest = (ms = SWIM_MS + 300) => new Promise((resolve) => setTimeout(resolve, ms));
const granted = Array.from({ length: 51 }, (_, no): ShardState => (no < 5 ? "granted" : "waiting"));

/** Says the page is hidden or not, as the browser would. */
async function setHidden(hidden: boolean): Promise<void> {
  await browser.page.evaluate((is) => {
    Object.defineProperty(document, "hidden", { value: is, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

describe("a school on a page", () => {
  test("paints no frame while nothing changes", async () => {
    const before = await frames();
    expect(before).toBeGreaterThan(0);
    await rest(500);
    expect(await frames()).toBe(before);
  });

  test("paints no more once those that changed have arrived, and then shows something else", async () => {
    const still = await picture();
    const before = await frames();
    await show(granted);
    await rest();
    const after = await frames();
    expect(after).toBeGreaterThan(before + 1);
    await rest(300);
    expect(await frames()).toBe(after);
    expect(await picture()).not.toBe(still);
  });

  test("jumps in one frame for somebody who wants less motion", async () => {
    await browser.page.emulateMedia({ reducedMotion: "reduce" });
    await rest(200);
    const before = await frames();
    await show(granted);
    await rest();
    expect(await frames()).toBe(before + 1);
  });

  test("paints nothing while the page is hidden, and where things stand when it is seen again", async () => {
    await setHidden(true);
    const before = await frames();
    const still = await picture();
    await show(granted);
    await rest();
    expect(await frames()).toBe(before);
    await setHidden(false);
    await rest(200);
    expect(await frames()).toBe(before + 1);
    expect(await picture()).not.toBe(still);
  });

  test("takes over the colours of the other theme", async () => {
    await show(Array.from({ length: 51 }, () => "accepted"));
    await rest();
    const light = await picture();
    await browser.page.emulateMedia({ colorScheme: "dark" });
    await rest(200);
    const dark = await picture();
    expect(dark).not.toBe(light);
    await browser.page.emulateMedia({ colorScheme: "light" });
    await rest(200);
    expect(await picture()).toBe(light);
  });

  test("rings the mark that is looked at, in one frame, and lets go of it", async () => {
    const before = await frames();
    const still = await picture();
    await browser.page.evaluate(() => globalThis.shoal.point(7));
    await rest(200);
    expect(await frames()).toBe(before + 1);
    expect(await picture()).not.toBe(still);
    await browser.page.evaluate(() => globalThis.shoal.point(null));
    await rest(200);
    expect(await picture()).toBe(still);
  });
});
