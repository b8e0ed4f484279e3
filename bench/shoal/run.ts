import { type BenchRow, medianOf, printReport } from "#bench/report.ts";
import { openExecutorPage } from "#workers/executor/testing/open-executor-page.ts";
import type { ShoalRequest } from "./bench-page.ts";

/** The picture of a job page on a desk and on a telephone, every one of 5,000 marks in the middle of its way. */
const CASES: { name: string; request: ShoalRequest }[] = [
  { name: "desk", request: { width: 900, height: 176, dpr: 1, frames: 120 } },
  { name: "desk-2x", request: { width: 900, height: 176, dpr: 2, frames: 120 } },
  { name: "phone-3x", request: { width: 310, height: 144, dpr: 3, frames: 120 } },
];
const FRAME_MS_MAX = 4;

const { page, version, close } = await openExecutorPage({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  entries: [new URL("./bench-page.ts", import.meta.url)],
});
try {
  const rows: BenchRow[] = [];
  for (const { name, request } of CASES) {
    const { callsMs, pixelsMs } = await page.evaluate((argument) => globalThis.benchShoal(argument), request);
    rows.push({ name: `frame-ms/5000-marks/${name}`, value: medianOf(callsMs), unit: "ms", peer: null, ratio: null, target: FRAME_MS_MAX });
    rows.push({ name: `frame-ms/5000-marks/${name}/pixels`, value: medianOf(pixelsMs), unit: "ms", peer: null, ratio: null, target: FRAME_MS_MAX });
  }
  printReport({ bench: "shoal", rows, facts: { chromium: version } }, { json: process.argv.includes("--json") });
} finally {
  await close();
}
