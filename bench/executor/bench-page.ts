import { type Remote, wrap } from "comlink";
import { FrameWing } from "#lib/client/volunteer/sandbox/frame-wing.ts";
import type { BenchWorker } from "./bench-worker.ts";

/** One round: the same shards through the executor and bare, in milliseconds. */
export interface BenchRound {
  executorMs: number;
  bareMs: number;
}

export interface BenchRequest {
  program: readonly number[];
  programSha256: string;
  shardMs: number;
  shards: number;
  rounds: number;
  /** Where the worker lives: a plain worker of the page, or one in the sandbox's frame. */
  through: "worker" | "frame";
}

declare global {
  /** Runs one row of the bench in a worker of its own. Only a page that serves the frame at /frame.html has one. */
  var benchExecutor: (request: BenchRequest) => Promise<BenchRound[]>;
}

const JOB_ID = "job_bench";
const MEMORY_BYTES_MAX = 2 ** 28;
const LIMITS = { outputBytesMax: 1024, stderrBytesMax: 1024 };
const CALIBRATION_ITERATIONS = 50_000_000;

globalThis.benchExecutor = async ({ program, programSha256, shardMs, shards, rounds, through }) => {
  const { port, end } = through === "frame" ? await startInFrame() : startInPage();
  const worker = wrap<BenchWorker>(port);
  const bytes = Uint8Array.from(program);
  const prepared = await worker.prepare({ jobId: JOB_ID, program: bytes, programSha256, memoryBytesMax: MEMORY_BYTES_MAX, files: [] });
  if (!prepared.ok) throw new Error(prepared.reason);
  await worker.prepareBare(bytes, MEMORY_BYTES_MAX);

  const runShards = async (iterations: number, count: number): Promise<number> => {
    const startedAt = performance.now();
    for (let shard = 0; shard < count; shard += 1) await runShard(worker, iterations, shard);
    return performance.now() - startedAt;
  };
  // A loop entered in the baseline compiler stays there until its call returns: short calls let both copies reach the optimising one first.
  for (let round = 0; round < 20; round += 1) {
    await worker.runBare(CALIBRATION_ITERATIONS / 100, 1);
    await runShards(CALIBRATION_ITERATIONS / 100, 1);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  // The first long call of a fresh thread is slower than all later ones.
  await worker.runBare(CALIBRATION_ITERATIONS, 3);
  const iterations = Math.round((CALIBRATION_ITERATIONS * shardMs * 3) / (await worker.runBare(CALIBRATION_ITERATIONS, 3)));

  const results: BenchRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bareFirst = round % 2 === 0;
    const before = bareFirst ? await worker.runBare(iterations, shards) : 0;
    const executorMs = await runShards(iterations, shards);
    results.push({ executorMs, bareMs: bareFirst ? before : await worker.runBare(iterations, shards) });
  }
  end();
  return results;
};

function startInPage(): { port: MessagePort; end(): void } {
  const thread = new Worker("/bench-worker.js");
  const { port1, port2 } = new MessageChannel();
  thread.postMessage("port", [port2]);
  return { port: port1, end: () => thread.terminate() };
}

async function startInFrame(): Promise<{ port: MessagePort; end(): void }> {
  const wing = await FrameWing.open("/frame.html");
  return { port: await wing.spawn("bench"), end: () => wing.close() };
}

async function runShard(worker: Remote<BenchWorker>, iterations: number, shard: number): Promise<void> {
  const outcome = await worker.run({
    jobId: JOB_ID,
    args: [String(iterations)],
    env: { SHOAL_SHARD: String(shard), SHOAL_SEED: "0" },
    stdin: new Uint8Array(),
    seed: 0n,
    limits: LIMITS,
  });
  if (outcome.status !== "ok") throw new Error(`A shard of the bench ended with ${outcome.status}.`);
}
