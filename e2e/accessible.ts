import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Axe on a page all of whose frames are of one origin: it puts together what it found in that page, and opens no other one for it. */
export function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode();
}

/** Fails, naming the element, if axe finds anything serious on the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await axeOn(page).include("main").withTags(TAGS).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}
