import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createApi } from "#lib/client/api/api.ts";
import { createArtifact } from "#lib/protocol/artifacts/artifacts.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { cancelJob, createJob } from "#lib/protocol/jobs/jobs.ts";
import { readProcessorTime } from "#lib/testing/processor-time.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { makeKey } from "../scripts/demo/make-key.ts";
import { expect, startComputing, test } from "./people.ts";

const SPIN = join(import.meta.dirname, "..", "lib/testing/programs/spin.wasm");
const SHARE = 0.4;
/** A shard takes longer than what is measured, so that what holds the share is the rest inside it. */
const TURNS = "3000000000";
const MEASURED_MS = atSize(10_000, 60_000);
/** What may be missing from or beyond the share: ten seconds hold few rests, a minute holds enough of them for the promise of 5 %. */
const TOLERANCE = atSize(0.1, 0.05);
const SETTLED_MS = 3000;

type Used = { used: number; waited: number };

/** The browser's page processes, sandboxed frames included. */
async function pageProcesses(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** Processor seconds a second that the page processes used over a while, and that they waited for because others on the machine had them. */
async function measureCpu(page: Page, browser: Browser, ms: number): Promise<Used> {
  const pids = await pageProcesses(browser);
  const [startedAt, before] = [performance.now(), readProcessorTime(pids)];
  await page.waitForTimeout(ms);
  const [wallMs, after] = [performance.now() - startedAt, readProcessorTime(pids)];
  return { used: (after.usedMs - before.usedMs) / wallMs, waited: (after.waitedMs - before.waitedMs) / wallMs };
}

test("a tab takes no more of the processor than it may, remembers that, and is quiet within three seconds of Stop", async ({
  openVolunteer,
  browser,
  baseURL,
}) => {
  const url = baseURL ?? "";
  const key = await makeKey(url, privateKeyToAccount(generatePrivateKey()), ["jobs:write", "artifacts:write"]);
  const api = createApi({ baseUrl: url, token: async () => key });
  const artifact = await api.call(createArtifact, { part: "program" }, { body: await readFile(SPIN) });
  const program = { runtime: "wasi", artifact: { sha256: artifact.sha256 }, args: [TURNS] };
  const { id } = await api.call(
    createJob,
    jobJson.parse({ version: 1, name: "Spin", program, slicing: { mode: "range", from: 0, to: 200 }, limits: { timeMsMax: 600_000 } }),
  );
  try {
    const page = await openVolunteer();
    await page.evaluate((cpuSharePercent) => localStorage.setItem("shoal-volunteer-settings", JSON.stringify({ cpuSharePercent })), SHARE * 100);
    await page.reload();
    const fewer = page.getByRole("button", { name: "One core fewer" });
    while (await fewer.isEnabled()) await fewer.click();
    await startComputing(page);
    await expect(page.getByText(/Spin shard \d/)).toBeVisible({ timeout: 30_000 });
    // What Start itself costs is over, and the meter has a minute that begins now.
    await page.waitForTimeout(SETTLED_MS);
    const { used, waited } = await measureCpu(page, browser, MEASURED_MS);
    test.info().annotations.push({ type: "measured", description: `asked ${SHARE}, used ${used.toFixed(3)}, waited ${waited.toFixed(3)} of a core` });
    expect(used).toBeLessThanOrEqual(SHARE + TOLERANCE);
    // What a loaded machine did not give was waited for.
    expect(used + waited).toBeGreaterThanOrEqual(SHARE - TOLERANCE);
    // "About" where the browser gave the frame no shared memory.
    await expect(page.getByText(/^40% asked for, (about )?\d+% reached in the last minute$/)).toBeVisible();
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByText("Stopped")).toBeVisible({ timeout: 1000 });
    await page.waitForTimeout(3000);
    expect((await measureCpu(page, browser, 2000)).used).toBeLessThan(0.05);
    const kept = await page.evaluate(() => localStorage.getItem("shoal-volunteer-settings"));
    expect(JSON.parse(kept ?? "{}")).toMatchObject({ cores: 1, cpuSharePercent: SHARE * 100 });
  } finally {
    await api.call(cancelJob, { jobId: id });
  }
});
