import { setTimeout } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { ANSWERED_AT } from "./answers.ts";

/*
 * How states are brought about: what becomes of a page's requests on their way, and what its person presses.
 */

const GIVEN_UP_MS_MAX = 30_000;
const DAY_MS = 86_400_000;
const ANSWER_MS = 400;

/** Answers that never come. */
export const hold = (address: string) => async (page: Page) => await page.route(address, () => new Promise<void>(() => undefined));

/** Requests that get no answer. */
export const drop = (address: string) => async (page: Page) => await page.route(address, (route) => route.abort());

/** Answers that are the same on every run, given at one moment. */
export const answer = (answers: Readonly<Record<string, unknown>>) => async (page: Page) => {
  await page.clock.setFixedTime(ANSWERED_AT);
  for (const [address, json] of Object.entries(answers)) await page.route(address, (route) => route.fulfill({ json }));
};

/** Owners' pages ask twice more before they say that nobody answers. */
export const untilGivenUp = (page: Page) => page.getByText("The instance cannot be reached.").last().waitFor({ timeout: GIVEN_UP_MS_MAX });

/** Has the page ask again for what came with it, as it does for who comes back to it after a day; it is answered when the clock stands where it did. */
export async function askAnew(page: Page): Promise<void> {
  await page.route("**/api/v1/**", async (route) => {
    await setTimeout(ANSWER_MS);
    await route.fallback();
  });
  await page.clock.setFixedTime(Date.now() + DAY_MS);
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await page.clock.setFixedTime(ANSWERED_AT);
}

/** Opens the question that this button asks. */
export const ask = (button: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

/** Compiles a program with a mistake in its third line. */
export async function compileMistake(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Source" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('import { readInput, writeOutput } from "./shoal";\n\nwriteOutput(readInput().toUpperCaze());\n');
  await page.getByRole("button", { name: "Compile" }).click();
  await page.getByRole("button", { name: "Line 3, column 25" }).waitFor({ timeout: GIVEN_UP_MS_MAX });
}
