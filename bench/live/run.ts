import { join } from "node:path";
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from "@playwright/test";
import { type BenchRow, medianOf, printReport } from "#bench/report.ts";
import { startTestInstance } from "../../e2e/instance.ts";
import { installWallet, signIn } from "../../e2e/people.ts";
import { submitRange } from "../../e2e/submit-range.ts";
import { buildApp } from "../../scripts/instance/build-app.ts";

/*
 * What pages that stay open cost, and how long lists scroll: a real instance with 1,000 jobs, one of them of 100,000 shards, of which nothing is computed. Idle cost is
 * the processor time of all of the browser's processes, as they say themselves, beside an empty page in the same browser. `--quick` takes fewer jobs and less time.
 */
const isQuick = process.argv.includes("--quick");
const JOBS = isQuick ? 60 : 1000;
const SHARDS = 100_000;
const IDLE_MS = isQuick ? 5_000 : 30_000;
const SETTLE_MS = 3_000;
const SCROLL_MS = isQuick ? 2_000 : 6_000;
const SUBMITTED_AT_ONCE = 8;
const IDLE_SHARE_MAX = 0.02;
/** A frame of 60 a second, and one that was missed. */
const FRAME_MS_MAX = 34;
const ROWS_MAX = 60;
const VIEWPORT = { width: 1280, height: 800 };
const FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

buildApp(join(import.meta.dirname, "../.."), {}, () => console.log("Building the app, which takes about a minute."));
const instance = await startTestInstance({ FAUCET_MICRO: "1000000000000" });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: FLAGS });
try {
  const context = await browser.newContext({ baseURL: instance.url, viewport: VIEWPORT });
  const largeJob = await fillInstance(context);
  const rows = [...(await measureIdle(browser, context, largeJob)), ...(await measureScrolling(context, largeJob))];
  printReport(
    { bench: "live", rows, facts: { chromium: browser.version(), jobs: String(JOBS), shards: String(SHARDS) } },
    { json: process.argv.includes("--json") },
  );
} finally {
  await browser.close();
  await instance.stop();
}

/** An owner with all the jobs; the address of the page of the large one. */
async function fillInstance(context: BrowserContext): Promise<string> {
  await installWallet(context);
  const page = await context.newPage();
  await signIn(page);
  for (let made = 0; made < JOBS - 1; made += SUBMITTED_AT_ONCE) {
    const names = Array.from({ length: Math.min(SUBMITTED_AT_ONCE, JOBS - 1 - made) }, (_, i) => `Job ${made + i + 1}`);
    await Promise.all(names.map((name) => submitRange(page, instance.url, { name, shards: 2 })));
  }
  const jobId = await submitRange(page, instance.url, { name: "A hundred thousand shards", shards: SHARDS });
  await page.close();
  return `/jobs/${jobId}`;
}

/** The share of a core that an open page takes while nothing changes. */
async function measureIdle(from: Browser, context: BrowserContext, largeJob: string): Promise<BenchRow[]> {
  const session = await from.newBrowserCDPSession();
  const empty = await idleShare(session, context, "about:blank");
  const rows: BenchRow[] = [{ name: "idle-share/about:blank", value: empty, unit: "core", peer: null, ratio: null, target: null }];
  for (const path of ["/", "/volunteer", "/network", "/docs", "/jobs", largeJob]) {
    const value = await idleShare(session, context, path);
    const name = path === largeJob ? "/jobs/{100,000 shards}" : path;
    rows.push({ name: `idle-share${name}`, value, unit: "core", peer: empty, ratio: empty > 0 ? value / empty : null, target: IDLE_SHARE_MAX });
  }
  return rows;
}

async function idleShare(session: CDPSession, context: BrowserContext, path: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(path);
  await page.waitForTimeout(SETTLE_MS);
  const before = await cpuSeconds(session);
  const startedMs = performance.now();
  await page.waitForTimeout(IDLE_MS);
  const spent = (await cpuSeconds(session)) - before;
  const share = spent / ((performance.now() - startedMs) / 1000);
  await page.close();
  return share;
}

async function cpuSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function measureScrolling(context: BrowserContext, largeJob: string): Promise<BenchRow[]> {
  const page = await context.newPage();
  await page.goto("/jobs");
  await page.getByRole("listitem").filter({ hasText: "Job" }).first().waitFor();
  const list = await scroll(page, null);
  const listRows = await page.locator("main li").count();
  await page.goto(largeJob);
  await page.getByText("Every shard", { exact: true }).click();
  const frame = page.getByRole("region", { name: "Shards of this job" });
  await frame.locator("tr[aria-rowindex='2']").waitFor();
  const table = await scroll(page, "section:has(> table[aria-rowcount])");
  const tableRows = await page.locator("tr[aria-rowindex]").count();
  await page.close();
  return [...rowsOf(`jobs-${JOBS}`, list, listRows), ...rowsOf(`shards-${SHARDS}`, table, tableRows)];
}

type Frames = { framesMs: number[]; reachedPx: number };

/** Scrolls on and on, a third of a screen a frame, and back at the end; times are those between frames. */
async function scroll(page: Page, selector: string | null): Promise<Frames> {
  return await page.evaluate(
    async ([where, forMs, stepPx]) => {
      const box = (where === null ? document.scrollingElement : document.querySelector(where)) ?? document.documentElement;
      const framesMs: number[] = [];
      let reachedPx = 0;
      let lastMs = await new Promise<number>(requestAnimationFrame);
      const endMs = lastMs + forMs;
      let step = stepPx;
      while (lastMs < endMs) {
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) step = -stepPx;
        if (box.scrollTop <= 0) step = stepPx;
        box.scrollTop += step;
        reachedPx = Math.max(reachedPx, box.scrollTop);
        const nowMs = await new Promise<number>(requestAnimationFrame);
        framesMs.push(nowMs - lastMs);
        lastMs = nowMs;
      }
      return { framesMs, reachedPx };
    },
    [selector, SCROLL_MS, Math.round(VIEWPORT.height / 3)] as const,
  );
}

function rowsOf(name: string, { framesMs, reachedPx }: Frames, domRows: number): BenchRow[] {
  const sorted = framesMs.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  const missed = framesMs.filter((ms) => ms > FRAME_MS_MAX).length / framesMs.length;
  const row = (what: string, value: number, unit: string, target: number | null): BenchRow => ({
    name: `${what}/${name}`,
    value,
    unit,
    peer: null,
    ratio: null,
    target,
  });
  return [
    row("frame-ms-median", medianOf(framesMs), "ms", FRAME_MS_MAX),
    row("frame-ms-p95", p95, "ms", FRAME_MS_MAX),
    row("frames-missed", missed, "share", null),
    row("scrolled-to", reachedPx, "px", null),
    row("dom-rows", domRows, "", ROWS_MAX),
  ];
}
