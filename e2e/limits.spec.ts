import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createApi } from "#lib/client/api/api.ts";
import { createArtifact } from "#lib/protocol/artifacts/artifacts.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { cancelJob, createJob } from "#lib/protocol/jobs/jobs.ts";
import { makeKey } from "../scripts/demo/make-key.ts";
import { expect, startComputing, test } from "./people.ts";

const SPIN = join(import.meta.dirname, "..", "lib/testing/programs/spin.wasm");
const SHARE = 0.4;
const MEASURED_MS = 10_000;

/** Processor seconds that the browser's page processes have spent, sandboxed frames included. */
async function readCpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Processor seconds a second over a while. */
async function measureCpu(page: Page, browser: Browser, ms: number): Promise<number> {
  const [startedAt, before] = [performance.now(), await readCpuSeconds(browser)];
  await page.waitForTimeout(ms);
  return (1000 * ((await readCpuSeconds(browser)) - before)) / (performance.now() - startedAt);
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
  const program = { runtime: "wasi", artifact: { sha256: artifact.sha256 }, args: ["200000000"] };
  const { id } = await api.call(createJob, jobJson.parse({ version: 1, name: "Spin", program, slicing: { mode: "range", from: 0, to: 2000 } }));
  try {
    const page = await openVolunteer();
    await page.evaluate((cpuSharePercent) => localStorage.setItem("shoal-volunteer-settings", JSON.stringify({ cpuSharePercent })), SHARE * 100);
    await page.reload();
    const fewer = page.getByRole("button", { name: "One core fewer" });
    while (await fewer.isEnabled()) await fewer.click();
    await startComputing(page);
    // The first runs of a program compile, and nothing is known of its pace.
    await expect(page.getByText(/Spin shard [3-9]/)).toBeVisible({ timeout: 30_000 });
    const used = await measureCpu(page, browser, MEASURED_MS);
    expect(used).toBeLessThanOrEqual(SHARE + 0.05);
    expect(used).toBeGreaterThan(SHARE / 3);
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByText("Stopped")).toBeVisible({ timeout: 1000 });
    await page.waitForTimeout(3000);
    expect(await measureCpu(page, browser, 2000)).toBeLessThan(0.05);
    const kept = await page.evaluate(() => localStorage.getItem("shoal-volunteer-settings"));
    expect(JSON.parse(kept ?? "{}")).toMatchObject({ cores: 1, cpuSharePercent: SHARE * 100 });
  } finally {
    await api.call(cancelJob, { jobId: id });
  }
});
