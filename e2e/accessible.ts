import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type { Result } from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The small build: the other is twice as large, and every page has to read it. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What is looked at, all of the page where nothing is said, and by which rules, all where nothing is said. */
type Scope = { within?: string; tags?: readonly string[]; rules?: readonly string[] };

/** What axe finds wrong with a page as it is. All its frames have to be of one origin; a page that was looked at before is not given axe again. */
export async function findFaults(page: Page, { within, tags, rules }: Scope = {}): Promise<Result[]> {
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(AXE);
  }
  return await page.evaluate(
    async ({ context, options }) => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      // What passes, and style sheets asked for again, would take most of the time and change nothing.
      return (await axe.run(context ?? document, { ...options, resultTypes: ["violations"], preload: false })).violations;
    },
    { context: within, options: only(tags, rules) },
  );
}

/** The faults of a page with the elements that have them, to be compared with none. */
export function sayFaults(faults: readonly Result[]): string[] {
  return faults.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Fails, naming the element, if axe finds anything serious on the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  const faults = await findFaults(page, { within: "main", tags: TAGS });
  expect(sayFaults(faults.filter(({ impact }) => impact === "serious" || impact === "critical"))).toEqual([]);
}

function only(tags: readonly string[] | undefined, rules: readonly string[] | undefined): object {
  if (rules) return { runOnly: { type: "rule", values: rules } };
  return tags ? { runOnly: { type: "tag", values: tags } } : {};
}
