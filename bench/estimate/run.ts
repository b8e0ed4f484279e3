import { parseArgs } from "node:util";
import { medianOf, printReport } from "#bench/report.ts";
import { estimateJob } from "#lib/domain/estimate/estimate-job.ts";
import { simulateJob } from "./simulate-job.ts";

/* How often the real finish of a simulated job lies inside the 80 % interval that its owner was told before it began. */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false } } });
const jobs = values.short ? 100 : 1000;
const FIRST_SEED = 501;
const startedAt = performance.now();
const runs = Array.from({ length: jobs }, (_, i) => simulateJob(FIRST_SEED + i)).flatMap(({ known, tookMs }) => {
  const { finishMs } = estimateJob(known);
  return finishMs ? [{ finishMs, tookMs }] : [];
});
const share = (holds: (run: (typeof runs)[number]) => boolean) => (100 * runs.filter(holds).length) / runs.length;
const row = (name: string, value: number, unit: string, target: number | null) => ({ name, value, unit, peer: null, ratio: null, target });
printReport(
  {
    bench: "estimate",
    rows: [
      row(
        "inside-80",
        share(({ finishMs, tookMs }) => tookMs >= finishMs.low && tookMs <= finishMs.high),
        "of 100 jobs",
        70,
      ),
      row(
        "earlier",
        share(({ finishMs, tookMs }) => tookMs < finishMs.low),
        "of 100 jobs",
        null,
      ),
      row(
        "later",
        share(({ finishMs, tookMs }) => tookMs > finishMs.high),
        "of 100 jobs",
        null,
      ),
      row("took-over-median/p50", medianOf(runs.map(({ finishMs, tookMs }) => tookMs / finishMs.median)), "estimate = 1", 1),
      row("width/p50", medianOf(runs.map(({ finishMs }) => finishMs.high / finishMs.low)), "high ÷ low", null),
    ],
    facts: { mode: values.short ? "short" : "full", jobs: String(jobs), wall: `${((performance.now() - startedAt) / 1000).toFixed(1)} s` },
  },
  { json: values.json },
);
