import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { checkLook } from "./check-look.ts";
import { computeJob, openStage, type Stage, submitJob } from "./stage.ts";

/*
 * Every page in every state that it has: empty, loading, without an answer, and full, as a phone, a tablet and a desk show it in light and dark.
 * States in which the instance does not answer are made by holding or dropping its answers on the way to the browser.
 */
const NETWORK = "**/api/v1/network**";
const JOBS = "**/api/v1/jobs**";
/** Pages that are alive, or that wait for an answer that is held back, never fall quiet. */
const QUIET_MS_MAX = 1500;
/** Text that is of the moment or of this run. */
const MOMENTS = ["time", "[data-moment]"];

/** Whether the minute's count has come is a matter of luck. */
const COUNTING = ["front-full", "network-full", "network-empty"];

test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);

let stage: Stage;
test.beforeAll(async ({ browser }) => {
  stage = await openStage(browser);
});
test.afterAll(async () => await stage?.close());

/** A page of the stage, closed at the end. */
async function look(context: BrowserContext, path: string, name: string, arrange: (page: Page) => Promise<unknown> = async () => undefined): Promise<void> {
  const page = await context.newPage();
  await arrange(page);
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle", { timeout: QUIET_MS_MAX }).catch(() => undefined);
  await checkLook(page, name, { masks: MOMENTS, isSteady: !COUNTING.includes(name) });
  await page.close();
}

const hold = (address: string) => async (page: Page) => await page.route(address, () => new Promise<void>(() => undefined));
const drop = (address: string) => async (page: Page) => await page.route(address, (route) => route.abort());

test("pages that are the same for everybody", async () => {
  const { stranger } = stage;
  await look(stranger, "/docs", "docs");
  await look(stranger, "/docs/guide/lend-a-tab", "docs-guide");
  await look(stranger, "/docs/reference/errors", "docs-reference");
  await look(stranger, "/nowhere", "not-found");
  await look(stranger, "/jobs", "signed-out");
});

test("an instance on which nothing has happened yet, and one that does not answer", async () => {
  const { owner, stranger } = stage;
  await look(stranger, "/", "front-empty");
  await look(stranger, "/volunteer", "volunteer-empty");
  await look(stranger, "/volunteer", "volunteer-loading", hold(NETWORK));
  await look(stranger, "/volunteer", "volunteer-no-answer", drop(NETWORK));
  await look(stranger, "/network", "network-empty");
  await look(stranger, "/network", "network-loading", hold(NETWORK));
  await look(stranger, "/network", "network-no-answer", drop(NETWORK));
  await look(owner, "/jobs", "jobs-empty");
  await look(owner, "/jobs/new", "job-new");
  await look(owner, "/keys", "keys-empty");
});

test("an instance with a job that waits and one that is finished", async ({ browser }) => {
  const { owner, stranger } = stage;
  const page = await owner.newPage();
  const finished = await submitJob(page, "Tides of the coast");
  await computeJob(browser, stage, finished);
  const waiting = await submitJob(page, "Tides of the islands");
  await page.close();

  await look(stranger, "/", "front-full");
  await look(stranger, "/volunteer", "volunteer-full");
  await look(stranger, "/network", "network-full");
  await look(owner, "/jobs", "jobs-full");
  await look(owner, finished, "job-finished");
  await look(owner, waiting, "job-waiting");
  await look(owner, waiting, "job-no-answer", async (open) => {
    await open.goto(waiting);
    await drop(JOBS)(open);
  });
});
