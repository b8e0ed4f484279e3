import { expect, type Page, test } from "@playwright/test";
import { checkLook } from "./check-look.ts";
import { computeJob, openStage, type Stage, shareAndKey, submitJob } from "./stage.ts";
import { type LookState, type Places, SCENES, STATES } from "./states.ts";

/*
 * Every state of `states.ts` as a phone, a tablet and a desk show it in light and dark: the layout, axe, and the picture.
 */

/** Pages that are alive, or that wait for an answer that is held back, never fall quiet. */
const QUIET_MS_MAX = 1500;
const STILL_MS = 400;
const STILL_MS_MAX = 8000;
/** Text that is of the moment or of this run. */
const MOMENTS = ["time", "[data-moment]"];
const WORKED_MS_MAX = 120_000;
/** The grey lines in the place of what is awaited, which follow the words that say so to those who do not see them. */
const AWAITED = "[role=status] > .sr-only + div";
const LOADING = /^(Loading|Wird geladen)$/;
/** Owners' pages ask three times before they say that nobody answers. */
const LOADED_MS_MAX = 30_000;
const LOOK_MS_MAX = 60_000;

let stage: Stage;
let places: Places = { finished: "", waiting: "", pool: "" };

for (const scene of SCENES) {
  test.describe(`on an instance that is ${scene}`, () => {
    test.beforeAll(async ({ browser }) => {
      stage = await openStage(browser, { withChain: scene === "paying" });
    });
    test.afterAll(async () => await stage?.close());
    if (scene === "worked") {
      test.beforeAll("two jobs, one of them computed, and a pool", async ({ browser }) => {
        test.setTimeout(WORKED_MS_MAX);
        const page = await stage.owner.newPage();
        const finished = await submitJob(page, "Tides of the coast");
        await computeJob(browser, stage, finished);
        const waiting = await submitJob(page, "Tides of the islands");
        places = { finished, waiting, pool: await shareAndKey(page, finished) };
        await page.close();
      });
    }
    for (const state of STATES.filter((each) => (each.scene ?? "new") === scene)) {
      test(`${state.name} fits, is accessible and looks as its picture does`, async () => {
        test.setTimeout(LOOK_MS_MAX);
        await look(state);
      });
    }
  });
}

/** Waits until the page has kept its height for a while: what arrives last may make it longer or shorter. */
async function untilStill(page: Page): Promise<void> {
  let height = -1;
  for (let waitedMs = 0; waitedMs < STILL_MS_MAX; waitedMs += STILL_MS) {
    const now = await page.evaluate(() => document.documentElement.scrollHeight);
    if (now === height) return;
    height = now;
    await page.waitForTimeout(STILL_MS);
  }
}

async function look({ name, path, who = "stranger", masks = [], at, isLoading, arrange, act }: LookState): Promise<void> {
  const page = await stage[who].newPage();
  await arrange?.(page);
  await page.goto(typeof path === "string" ? path : path(places));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await act?.(page);
  if (!isLoading) await expect(page.locator(AWAITED).or(page.getByText(LOADING))).toHaveCount(0, { timeout: LOADED_MS_MAX });
  await Promise.all([page.waitForLoadState("networkidle", { timeout: QUIET_MS_MAX }).catch(() => undefined), untilStill(page)]);
  await checkLook(page, name, { moments: MOMENTS, masks, at });
  await page.close();
}
