import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { atSize } from "#lib/testing/run-size.ts";
import { findFaults, sayFaults } from "../accessible.ts";

const WIDTHS = [390, 768, 1440] as const;
const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const PICTURED: Record<Theme, readonly number[]> = { light: [1440], dark: [390] };
const HEIGHT = 900;
/** A picture shows the whole page, or this much of one that is longer: a reference has tens of thousands of pixels. */
const PICTURE_HEIGHT_MAX = 2400;
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules whose outcome depends on colours; all others found what they find in the light theme. */
const AXE_COLOUR_RULES = ["color-contrast", "link-in-text-block"];
const PICTURES = join(import.meta.dirname, "pictures");
/** The major version of the Chromium that drew the pictures: another one sets type a little differently. */
const MAJOR_FILE = join(PICTURES, "chromium-major.txt");

type Look = {
  moments: readonly string[];
  masks: readonly string[];
  /** What stands at the top of the picture of a page that is longer than one; its beginning where there is nothing. */
  at: string | undefined;
};

/**
 * Looks at a page as it stands: at no width anything is wider than the screen, axe finds no fault in either theme, and it looks as its pictures do, of which an ordinary run compares two of six.
 * `moments` are places whose text is of the moment, such as times; `masks` others that differ from run to run and keep their size. Pictures are only compared under the Chromium that drew them; `npm run pictures`
 * draws them anew.
 */
export async function checkLook(page: Page, name: string, { moments, masks, at }: Look): Promise<void> {
  const isComparable = hasComparableBrowser(page);
  await fixWidths(page, moments);
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const pictured = isComparable ? picturedWidths(theme) : [];
    // A theme moves nothing.
    for (const width of theme === "light" ? WIDTHS : pictured) {
      await page.setViewportSize({ width, height: HEIGHT });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} at ${width} pixels is wider than the screen`).toBeLessThanOrEqual(0);
      if (pictured.includes(width)) await comparePicture(page, `${name}-${width}-${theme}.png`, { width, at, mask: [...moments, ...masks] });
    }
    // What axe sees depends on colours and not on the width; the narrow page has the most that can be wrong.
    await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
    const faults = await findFaults(page, theme === THEMES[0] ? { tags: AXE_TAGS } : { rules: AXE_COLOUR_RULES });
    expect(sayFaults(faults), `${name}, ${theme}`).toEqual([]);
  }
}

async function comparePicture(
  page: Page,
  file: string,
  { width, at, mask }: { width: number; at: string | undefined; mask: readonly string[] },
): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, PICTURE_HEIGHT_MAX) });
  if (at !== undefined) await page.locator(at).evaluate((part) => part.scrollIntoView());
  await expect(page).toHaveScreenshot([file], {
    animations: "disabled",
    scale: "css",
    maxDiffPixelRatio: 0.01,
    mask: mask.map((each) => page.locator(each)),
  });
}

/** Text of the moment has one width whatever it says, so that what stands beside it, and a line that it just fills, stay where they are. */
async function fixWidths(page: Page, moments: readonly string[]): Promise<void> {
  await page.evaluate((selectors) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:is(${selectors}) { display: inline-block; inline-size: 7em; block-size: 1lh; overflow: hidden; vertical-align: bottom; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, moments.join(", "));
}

/** An ordinary run compares the desk in light and the phone in dark; the long run, and whoever draws, all of them. */
function picturedWidths(theme: Theme): readonly number[] {
  const { updateSnapshots } = test.info().config;
  const isDrawing = updateSnapshots === "all" || updateSnapshots === "changed";
  return isDrawing ? WIDTHS : atSize(PICTURED[theme], WIDTHS);
}

function hasComparableBrowser(page: Page): boolean {
  const major = page.context().browser()?.version().split(".")[0] ?? "";
  const isDrawing = process.env.SHOAL_DRAW_PICTURES === "1";
  if (isDrawing) writeFileSync(MAJOR_FILE, `${major}\n`);
  const drawn = existsSync(MAJOR_FILE) ? readFileSync(MAJOR_FILE, "utf8").trim() : "";
  if (drawn !== major)
    process.stdout.write(`Pictures were drawn by Chromium ${drawn || "(none)"}, this is ${major}: layout and axe are checked, pixels are not.\n`);
  return drawn === major;
}
