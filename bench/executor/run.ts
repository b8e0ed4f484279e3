import { createHash } from "node:crypto";
import { join } from "node:path";
import { type BenchRow, medianOf, printReport } from "#bench/report.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openExecutorPage } from "#workers/executor/testing/open-executor-page.ts";
import { frameHeaders } from "#workers/sandbox/policy.ts";
import { buildFrame } from "../../scripts/sandbox/build-sandbox.ts";

/**
 * Efficiency: the time of the bare loop ÷ the time of the same shards through page, worker and executor, one in flight, as the median of interleaved rounds.
 * The bare loop runs in the same worker, so that a row tells what the way to it costs.
 */
const CASES = [
  { name: "efficiency/1s", through: "worker", shardMs: 1000, shards: 3, rounds: 5, target: 0.98 },
  { name: "efficiency/50ms", through: "worker", shardMs: 50, shards: 40, rounds: 7, target: 0.9 },
  { name: "efficiency/1s-in-frame", through: "frame", shardMs: 1000, shards: 3, rounds: 5, target: 0.98 },
  { name: "efficiency/50ms-in-frame", through: "frame", shardMs: 50, shards: 40, rounds: 7, target: 0.9 },
] as const;

const program = await readTestProgram("spin");
const programSha256 = createHash("sha256").update(program).digest("hex");
const { html, scriptSha256 } = await buildFrame(join(import.meta.dirname, "..", ".."), "bench/executor/bench-worker.ts");
const { page, version, close } = await openExecutorPage({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  documents: { "/frame.html": { html, headers: frameHeaders(scriptSha256) } },
  entries: [new URL("./bench-page.ts", import.meta.url), new URL("./bench-worker.ts", import.meta.url)],
});
try {
  const rows: BenchRow[] = [];
  for (const { name, through, shardMs, shards, rounds, target } of CASES) {
    const request = { program: [...program], programSha256, shardMs, shards, rounds, through };
    const measured = await page.evaluate((argument) => globalThis.benchExecutor(argument), request);
    const value = medianOf(measured.map(({ executorMs, bareMs }) => bareMs / executorMs));
    const perShard = (pick: (round: (typeof measured)[number]) => number): number => medianOf(measured.map(pick)) / shards;
    const [ours, bare] = [perShard((round) => round.executorMs), perShard((round) => round.bareMs)];
    rows.push({ name, value, unit: "bare ÷ ours", peer: null, ratio: null, target });
    rows.push({ name: `shard-ms/${name.slice("efficiency/".length)}`, value: ours, unit: "ms", peer: bare, ratio: ours / bare, target: null });
  }
  printReport({ bench: "executor", rows, facts: { chromium: version } }, { json: process.argv.includes("--json") });
} finally {
  await close();
}
