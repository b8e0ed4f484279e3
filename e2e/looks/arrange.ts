import { setTimeout } from "node:timers/promises";
import { expect, type Page } from "@playwright/test";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { createTrial, getTrial } from "#lib/protocol/trials/trials.ts";
import { fillInHeights, HEIGHTS } from "../heights.ts";
import { ANSWERED_AT } from "./answers.ts";

/*
 * How states are brought about: what becomes of a page's requests on their way, and what its person presses.
 */

const GIVEN_UP_MS_MAX = 30_000;
const TRIED_MS_MAX = 30_000;
const DAY_MS = 86_400_000;
const ANSWER_MS = 400;
const ASKED_MS_MAX = 1500;
const ANSWERED_MS_MAX = 3000;

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

/**
 * Has the page ask again for what came with it, as it does for who comes back to it after a day, until it shows this text; it is answered when the clock stands where it
 * did. A page that does not listen yet is asked once more.
 */
export const askAnew =
  (shown: string | RegExp, answeredMsMax = ANSWERED_MS_MAX) =>
  async (page: Page): Promise<void> => {
    await page.route("**/api/v1/**", async (route) => {
      await setTimeout(ANSWER_MS);
      await route.fallback();
    });
    await expect(async () => {
      await page.clock.setFixedTime(Date.now() + DAY_MS);
      await Promise.all([
        page.waitForRequest("**/api/v1/**", { timeout: ASKED_MS_MAX }),
        page.evaluate(() => window.dispatchEvent(new Event("visibilitychange"))),
      ]);
      await page.clock.setFixedTime(ANSWERED_AT);
      await page.getByText(shown).first().waitFor({ timeout: answeredMsMax });
    }).toPass({ timeout: GIVEN_UP_MS_MAX });
  };

/** The same where nobody answers any more, which a page says after its third attempt. */
export const askInVain = askAnew("The instance cannot be reached.", GIVEN_UP_MS_MAX / 3);

/** Opens the question that this button asks. */
export const ask = (button: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

/** The browser loses its connection until the page is closed. */
export async function goOffline(page: Page): Promise<void> {
  page.once("close", () => void page.context().setOffline(false));
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
}

/** Compiles a program with a mistake in its third line. */
export async function compileMistake(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Source" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('import { readInput, writeOutput } from "./shoal";\n\nwriteOutput(readInput().toUpperCaze());\n');
  await page.getByRole("button", { name: "Compile" }).click();
  await page.getByRole("button", { name: "Line 3, column 25" }).waitFor({ timeout: GIVEN_UP_MS_MAX });
}

const TRIAL: OutputOf<typeof createTrial> = { trialId: `tri_${"1".repeat(32)}` };

/** What a device writes that rounds the first number of a shard otherwise. */
function roundedOtherwise(output: Buffer): string {
  const bytes = Buffer.from(output);
  bytes[0] = 1;
  return bytes.toString("base64");
}

const TRIED: OutputOf<typeof getTrial> = {
  isDeviceThere: true,
  shards: HEIGHTS.map((output, no) => ({
    no,
    ended: { outcome: "ok", exitCode: null, trap: null, stderr: "", durationMs: 4 },
    outputSha256: "0".repeat(64),
    output: roundedOtherwise(output),
  })),
};

/** A trusted device that comes to other bytes than this tab. */
export const answerTrial = answer({ "**/api/v1/trials": TRIAL, "**/api/v1/trials/*": TRIED });

/** Runs two shards of numbers in this tab, and compares them with what a trusted device wrote. */
export async function tryAndCompare(page: Page): Promise<void> {
  await fillInHeights(page);
  await page.getByRole("button", { name: "Run here" }).click();
  await page.getByRole("button", { name: "Compare with a trusted device" }).click({ timeout: TRIED_MS_MAX });
  await page
    .getByRole("button", { name: /^Compare as/ })
    .first()
    .waitFor({ timeout: TRIED_MS_MAX });
}
