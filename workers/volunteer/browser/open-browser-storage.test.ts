import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExecutorPage, openExecutorPage } from "#workers/executor/testing/open-executor-page.ts";

let browser: ExecutorPage;

beforeAll(async () => {
  browser = await openExecutorPage({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    entries: [new URL("../testing/storage-page.ts", import.meta.url)],
  });
});

afterAll(async () => {
  await browser.close();
});

test("finished results outlive the page, bytes and all, until they are dropped", async () => {
  const { page } = browser;
  await page.evaluate(async () => {
    const { results } = await globalThis.browserStorage.openBrowserStorage();
    for (const no of [1, 2]) {
      const upload = { url: "/outputs/x", bytes: new Uint8Array([no, 255]) };
      await results.keep({ jobId: "job_1", grantId: "grt_1", result: { no, outcome: "ok", durationMs: 5 }, atMs: no, upload });
    }
  });
  await page.reload();
  const after = await page.evaluate(async () => {
    const { results } = await globalThis.browserStorage.openBrowserStorage();
    const kept = await results.list();
    await results.drop([{ grantId: "grt_1", no: 1 }]);
    const left = await results.list();
    return { bytes: kept.map(({ upload }) => [...(upload?.bytes ?? [])]), left: left.map(({ result }) => result.no) };
  });
  expect(after).toEqual({
    bytes: [
      [1, 255],
      [2, 255],
    ],
    left: [2],
  });
});

test("receipts come newest first with what became of their results, and the oldest beyond the bound go", async () => {
  const receipts = await browser.page.evaluate(async () => {
    const { receipts: book } = await globalThis.browserStorage.openBrowserStorage();
    const receipt = { grantId: "grt_1", jobId: "job_1", jobName: "A job", outcome: "ok", digest: null, durationMs: 5, state: "kept", problem: null } as const;
    for (let no = 0; no < 1150; no++) await book.add({ ...receipt, no, atMs: no });
    await book.change([
      { grantId: "grt_1", no: 1149, state: "refused", problem: "too late" },
      { grantId: "grt_9", no: 0, state: "taken", problem: null },
    ]);
    return await globalThis.browserStorage.listReceipts(5000);
  });
  expect(receipts[0]).toMatchObject({ no: 1149, state: "refused", problem: "too late" });
  expect(receipts[1]).toMatchObject({ no: 1148, state: "kept" });
  expect(receipts.length).toBeGreaterThanOrEqual(1000);
  expect(receipts.length).toBeLessThan(1100);
});

test("programs stay within their bound, and those used longest ago go first", async () => {
  const found = await browser.page.evaluate(async () => {
    const { openEngineDatabase, createCachedArtifacts } = globalThis.browserStorage;
    const artifacts = createCachedArtifacts(await openEngineDatabase(), { countMax: 10, bytesMax: 250 });
    const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
    for (const name of ["a", "b"]) {
      await artifacts.keep(name, new Uint8Array(100).fill(name.charCodeAt(0)));
      await soon();
    }
    await artifacts.find("a");
    await soon();
    await artifacts.keep("c", new Uint8Array(100));
    await artifacts.keep("too large", new Uint8Array(300));
    const names = ["a", "b", "c", "too large"];
    return await Promise.all(names.map(async (name) => (await artifacts.find(name))?.[0] ?? null));
  });
  expect(found).toEqual([97, null, 0, null]);
});
