import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse, { type Result } from "lighthouse";
import { type BenchRow, medianOf, printReport } from "#bench/report.ts";
import { startTestInstance } from "../../e2e/instance.ts";
import { buildApp } from "../../scripts/instance/build-app.ts";

/*
 * What pages cost their visitors, as Lighthouse sees a phone on a slow line (its own mobile settings, simulated): the median of five runs against
 * `next start`. `--runs 1` is for a quick look.
 */
const ROUTES = ["/", "/volunteer", "/docs", "/network", "/jobs"] as const;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
const RUNS = 5;
const SCORE_MIN = 95;
/** Gzipped script of a page before anything is pressed, in KiB; that of the page that lends a tab is held to 150 KB. */
const SCRIPT_KIB_MAX: Partial<Record<string, number>> = { "/": 120, "/volunteer": 150_000 / 1024 };
const TIMINGS = [
  { name: "lcp-ms", audit: "largest-contentful-paint", unit: "ms", target: 2500 },
  { name: "cls", audit: "cumulative-layout-shift", unit: "", target: 0.1 },
  { name: "tbt-ms", audit: "total-blocking-time", unit: "ms", target: 200 },
] as const;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const runs = process.argv.includes("--runs") ? Number(process.argv[process.argv.indexOf("--runs") + 1]) : RUNS;
buildApp(join(import.meta.dirname, "../.."), {}, () => console.log("Building the app, which takes about a minute."));
const instance = await startTestInstance();
const profile = await mkdtemp(join(tmpdir(), "shoal-lighthouse-"));
const chrome = await launch({ chromePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", chromeFlags: FLAGS, userDataDir: profile });
try {
  const rows: BenchRow[] = [];
  for (const route of ROUTES) {
    const results: Result[] = [];
    for (let i = 0; i < runs; i++) results.push(await visit(route));
    rows.push(...CATEGORIES.map((category) => scoreRow(route, category, results)));
    rows.push(
      ...TIMINGS.map(({ name, audit, unit, target }) =>
        row(
          `${name}${route}`,
          median(results, (result) => result.audits[audit]?.numericValue),
          { unit, target },
        ),
      ),
    );
    const scripts = results.map((result) => scriptUrls(result));
    rows.push(row(`js-gzip-kib${route}`, (await gzippedBytes(scripts[0] ?? [])) / 1024, { unit: "KiB", target: SCRIPT_KIB_MAX[route] ?? null }));
  }
  const { version } = JSON.parse(readFileSync(new URL("../../node_modules/lighthouse/package.json", import.meta.url), "utf8")) as { version: string };
  printReport({ bench: "pages", rows, facts: { lighthouse: version, runs: String(runs) } }, { json: process.argv.includes("--json") });
} finally {
  chrome.kill();
  await instance.stop();
  await rm(profile, { recursive: true, force: true });
}

async function visit(route: string): Promise<Result> {
  const answer = await lighthouse(`${instance.url}${route}`, { port: chrome.port, output: "json", logLevel: "error", onlyCategories: [...CATEGORIES] });
  if (!answer) throw new Error(`Lighthouse gave no result for ${route}`);
  if (answer.lhr.runtimeError) throw new Error(`${route}: ${answer.lhr.runtimeError.message}`);
  for (const category of CATEGORIES) {
    const lost = answer.lhr.categories[category]?.auditRefs.filter(({ id, weight }) => weight > 0 && (answer.lhr.audits[id]?.score ?? 1) < 0.9) ?? [];
    if (lost.length > 0) console.log(`${route} ${category}: ${lost.map(({ id }) => `${id} ${answer.lhr.audits[id]?.displayValue ?? ""}`.trim()).join(", ")}`);
  }
  return answer.lhr;
}

function scoreRow(route: string, category: string, results: readonly Result[]): BenchRow {
  return row(`lighthouse${route}/${category}`.replace("//", "/"), 100 * median(results, (result) => result.categories[category]?.score ?? undefined), {
    unit: "",
    target: SCORE_MIN,
  });
}

function row(name: string, value: number, { unit, target }: { unit: string; target: number | null }): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target };
}

function median(results: readonly Result[], read: (result: Result) => number | undefined): number {
  return medianOf(results.map((result) => read(result) ?? Number.NaN));
}

function scriptUrls(result: Result): string[] {
  const details = result.audits["network-requests"]?.details;
  const items = details?.type === "table" ? details.items : [];
  return items.filter((item) => item.resourceType === "Script").map((item) => String(item.url));
}

/** Bytes of the scripts as gzip makes them, each by itself; they are asked for without compression so that the server's own choice does not matter. */
async function gzippedBytes(urls: readonly string[]): Promise<number> {
  const sizes = await Promise.all(urls.map(async (url) => gzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer())).length));
  return sizes.reduce((all, size) => all + size, 0);
}
