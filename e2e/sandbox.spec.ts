import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { AttemptRow, AttemptRun } from "#lib/client/volunteer/sandbox/run-attempts.ts";
import { buildSandbox } from "../scripts/sandbox/build-sandbox.ts";
import { expect, test } from "./people.ts";
import { startDevServer } from "./sandbox/dev-server.ts";
import { bundleEscapeScript, FRAME_WITHOUT_WORKERS } from "./sandbox/escape-script.ts";
import { type ListeningServer, startListening, startProxy } from "./sandbox/listening-server.ts";
import { crashFrame, inChromium, inFirefox, whyNoFirefox } from "./sandbox/other-browsers.ts";

const ROOT = join(import.meta.dirname, "..");
const ATTEMPTS_MIN = 60;
const MARK = "shoal-escape";
const FRAME_PATH = "/sandbox/frame.html";
/** A tenth of a second on an idle machine; a busy one may take its time. */
const REPLACED_MS_MAX = 1000;

/** Proof that the attempts work: what a worker of Chromium that nobody walls in can do. */
const OPEN_WITHOUT_WALL = {
  scripts: [
    ...["fetch(own, { credentials })", "fetch(other)", 'fetch(other, { mode: "no-cors" })', "fetch(other, { body, keepalive })"],
    ...["XMLHttpRequest(own)", "XMLHttpRequest(other)", "new WebSocket(own)", "new WebSocket(other)", "new EventSource(own)", "new EventSource(other)"],
    ...["importScripts(own)", "importScripts(own + ?secret)", "importScripts(other)", "importScripts(blob)", "importScripts(data)"],
    ...["import(own)", "import(other)", "import(blob)", "import(data)", "eval(text)", "new Function(text)", "setTimeout(text)"],
    ...["new Worker(own)", "new Worker(blob)", "new Worker(data) + fetch(other)"],
  ],
  /** Also what the second wall leaves open. */
  storage: ["indexedDB.open()", "caches.open()", "navigator.storage.getDirectory()", "navigator.locks.request()", "new BroadcastChannel(own)"],
};

let script: string;
let other: ListeningServer;
test.beforeAll(async () => {
  script = await bundleEscapeScript();
});
test.beforeEach(async () => {
  other = await startListening();
});
test.afterEach(async () => await other.close());

type AnyPage = Pick<Page, "goto" | "evaluate">;

/** Tries every way out in the volunteer's page of the server at `url`, which is reached through a proxy that listens. */
async function tryAllAt(url: string, page: AnyPage): Promise<AttemptRun & { heard: string[] }> {
  const own = await startProxy(url, MARK);
  await page.goto(`${own.origin}/volunteer`);
  const run = await tryAll(page, own.origin);
  await own.close();
  return { ...run, heard: [...own.heard, ...other.heard] };
}

async function tryAll(page: AnyPage, own: string): Promise<AttemptRun> {
  await page.evaluate(script);
  return await page.evaluate((targets) => globalThis.tryToEscape(targets), { own, other: other.origin });
}

const listEnds = (rows: readonly AttemptRow[], ...ends: AttemptRow["end"][]): string[] =>
  rows.filter((row) => ends.includes(row.end)).map(({ name, detail }) => `${name}: ${detail}`);
const namesOf = (rows: readonly AttemptRow[], end: AttemptRow["end"]): string[] => rows.filter((row) => row.end === end).map(({ name }) => name);

function expectNothingLeft({ wall, rows, heard }: AttemptRun & { heard: string[] }): void {
  expect(wall).toBe("frame");
  expect(rows.length).toBeGreaterThanOrEqual(ATTEMPTS_MIN);
  expect(listEnds(rows, "open", "silent")).toEqual([]);
  expect(namesOf(rows, "ended")).toEqual(["for (;;)"]);
  expect(heard).toEqual([]);
}

test("nothing leaves the sandbox: every attempt is refused, and no server hears of one", async ({ page, baseURL }) => {
  expectNothingLeft(await tryAllAt(baseURL ?? "", page));
});

test("a visitor tries to break it and reads what became of every attempt, and the page asks nobody else for anything", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on("response", (response) => {
    if (!response.url().startsWith(baseURL ?? "-")) foreign.push(response.url());
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/volunteer");
  await page.getByRole("button", { name: "Try to break it" }).press("Enter");
  await expect(page.getByText(/^All \d\d ways out are closed\.$/)).toBeVisible({ timeout: 30_000 });
  const table = page.getByRole("region", { name: "Try to break it" }).getByRole("table");
  expect(await table.getByRole("row").count()).toBeGreaterThan(ATTEMPTS_MIN);
  await expect(table.getByRole("row", { name: "new WebSocket(other)" })).toContainText("Blocked");
  await expect(table.getByText("Open", { exact: true })).toHaveCount(0);
  await expect(page.getByText("Programs run behind the strong wall")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(foreign).toEqual([]);
});

test("nothing leaves the sandbox of a development server", async ({ page }) => {
  const server = await startDevServer();
  try {
    expectNothingLeft(await tryAllAt(server.url, page));
  } finally {
    await server.stop();
  }
});

test("nothing leaves the sandbox in Firefox", async ({ baseURL }) => {
  const reason = whyNoFirefox();
  test.skip(reason !== null, reason ?? "");
  expectNothingLeft(await inFirefox(async (page) => await tryAllAt(baseURL ?? "", page as unknown as AnyPage)));
});

test("without a wall the same attempts get out, so that being refused means something", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "shoal-escape-"));
  await buildSandbox(ROOT, folder);
  const attempts = readFileSync(join(folder, "attempts.js"), "utf8");
  rmSync(folder, { recursive: true });
  const own = await startListening({ "/": "<!doctype html>", "/sandbox/attempts.html": FRAME_WITHOUT_WORKERS, "/sandbox/attempts.js": attempts });
  await page.goto(own.origin);
  const { rows } = await tryAll(page, own.origin);
  await own.close();
  expect(namesOf(rows, "open")).toEqual(expect.arrayContaining([...OPEN_WITHOUT_WALL.scripts, ...OPEN_WITHOUT_WALL.storage]));
  const ways = (heard: readonly string[]) => heard.map((line) => line.split("/").at(-1));
  expect(ways(own.heard)).toEqual(expect.arrayContaining(["fetch", "xhr", "socket", "events", "import-scripts.js?secret", "import.js", "worker.js"]));
  expect(ways(other.heard)).toEqual(expect.arrayContaining(["fetch-no-cors", "fetch-keepalive", "xhr", "socket", "events", "font", "import.js", "nested"]));
});

test("a browser without workers in the frame has the second wall: no network and no code, but the site's storage", async ({ page, baseURL }) => {
  await page.route("**/sandbox/attempts.html", (route) => route.fulfill({ contentType: "text/html", body: FRAME_WITHOUT_WORKERS }));
  const { wall, rows, heard } = await tryAllAt(baseURL ?? "", page);
  expect(wall).toBe("worker");
  expect(namesOf(rows, "open").sort()).toEqual([...OPEN_WITHOUT_WALL.storage].sort());
  expect(heard).toEqual([]);
});

test("an executor that is ended is replaced at once", async ({ page }) => {
  await page.goto("/volunteer");
  await page.evaluate(script);
  const replacedMs = await page.evaluate(async () => {
    const { id } = await globalThis.spawnExecutor();
    const startedAt = performance.now();
    await globalThis.sandboxHost.kill(id);
    const next = await globalThis.spawnExecutor();
    return (await next.answers()) ? performance.now() - startedAt : null;
  });
  expect(replacedMs).not.toBeNull();
  expect(replacedMs).toBeLessThan(REPLACED_MS_MAX);
});

test("a frame whose thread is wedged is removed, its executors are known to be lost, and the next one runs", async ({ page }) => {
  await page.goto("/volunteer");
  await page.evaluate(script);
  const lost = await page.evaluateHandle(() => globalThis.spawnExecutor());
  const frame = page.frames().find((candidate) => candidate.url().endsWith(FRAME_PATH));
  const wedged = frame?.evaluate(() => {
    for (;;) {}
  });
  await expect(wedged).rejects.toThrow();
  await lost.evaluate(async (executor) => await executor.gone);
  expect(await page.evaluate(async () => await (await globalThis.spawnExecutor()).answers())).toBe(true);
});

test("a frame whose process dies without a word is built anew", async ({ baseURL }) => {
  const isBack = await inChromium(async (page) => {
    await page.goto(`${baseURL}/volunteer`);
    await page.evaluate(script);
    const lost = await page.evaluateHandle(() => globalThis.spawnExecutor());
    await crashFrame(page, FRAME_PATH);
    await lost.evaluate(async (executor) => await executor.gone);
    return await page.evaluate(async () => await (await globalThis.spawnExecutor()).answers());
  });
  expect(isBack).toBe(true);
});
