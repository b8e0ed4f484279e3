import { expect, type Locator, type Page } from "@playwright/test";

/** Opens the palette by its keys. A key that is pressed before the page's script has begun is lost, as it is in every page: it is pressed again. */
export async function openPalette(page: Page): Promise<Locator> {
  const palette = page.getByRole("dialog", { name: "Commands" });
  await expect(async () => {
    if (!(await palette.isVisible())) await page.keyboard.press("Control+k");
    await expect(palette).toBeVisible({ timeout: 1000 });
  }).toPass();
  return palette;
}
