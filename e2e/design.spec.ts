import { expect, test } from "@playwright/test";
import { findFaults, sayFaults } from "./accessible.ts";
import { startDevServer } from "./sandbox/dev-server.ts";

const isLong = process.env.SHOAL_TEST_LONG === "1";

test("every component in every state is accessible in both themes", async ({ browser }) => {
  test.skip(!isLong, "A development server compiles for this; npm run test:long looks at it.");
  const server = await startDevServer();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  await page.goto(`${server.url}/design`, { timeout: 90_000 });
  await expect(page.locator("[data-gallery] canvas").first()).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const faults = await findFaults(page, { within: "[data-gallery]", tags: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    expect(sayFaults(faults), colorScheme).toEqual([]);
  }
  expect(broken).toEqual([]);
  await context.close();
  await server.stop();
});
