import { MessageChannel, Worker } from "node:worker_threads";
import { type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { afterEach, beforeAll, expect, test } from "vitest";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { atSize } from "#lib/testing/run-size.ts";
import type { Executor, RunShardRequest, ShardOutcome } from "../executor-contract.ts";
import { createPaceMemory, servePace } from "./pace-words.ts";

const DOOR = new URL("../executor.node.worker.ts", import.meta.url);
const SPIN_TURNS = atSize(200_000_000, 2_000_000_000);
beforeAll(initSha256);
const threads: Worker[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
});

type Paced = { executor: Remote<Executor>; thread: Worker; order(dutyPermille: number): Promise<number> };

async function openPaced(): Promise<Paced> {
  const thread = new Worker(DOOR, { env: {}, execArgv: [] });
  threads.push(thread);
  const [calls, orders] = [new MessageChannel(), new MessageChannel()];
  const memory = createPaceMemory();
  if (!memory) throw new Error("This platform shares no memory.");
  const heard = Promise.withResolvers<void>();
  let answer: (restedMs: number) => void = () => heard.resolve();
  orders.port1.on("message", ({ restedMs }: { restedMs: number }) => answer(restedMs));
  orders.port1.unref();
  servePace(memory, orders.port2 as never);
  thread.postMessage({ port: calls.port2, pace: memory }, [calls.port2]);
  await heard.promise;
  const order = async (dutyPermille: number) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    answer = resolve;
    orders.port1.postMessage({ dutyPermille });
    return await promise;
  };
  return { executor: wrap<Executor>(nodeEndpoint(calls.port1)), thread, order };
}

async function prepareSpin({ executor }: Paced, isPaced: boolean): Promise<void> {
  const program = await readTestProgram("spin");
  const memoryBytesMax = 1 << 24;
  const answer = await executor.prepare({ jobId: "job_spin", programSha256: sha256Hex(program), program, memoryBytesMax, files: [], isPaced });
  expect(answer).toEqual({ ok: true, isPaced });
}

function spin(turns: number): RunShardRequest {
  const limits = { outputBytesMax: 1024, stderrBytesMax: 1024 };
  return { jobId: "job_spin", args: [String(turns)], env: {}, stdin: new Uint8Array(), seed: 1n, limits };
}

async function cpuMs(thread: Worker): Promise<number> {
  const { user, system } = await thread.cpuUsage();
  return (user + system) / 1000;
}

function outputOf(outcome: ShardOutcome): string {
  return outcome.status === "ok" ? outcome.outputSha256 : outcome.status;
}

test("inside one shard a thread keeps to its share of the processor within five percent, and computes the same bytes", async () => {
  const paced = await openPaced();
  await prepareSpin(paced, false);
  const plain = await paced.executor.run(spin(SPIN_TURNS));
  await prepareSpin(paced, true);
  // The first run is compiled while it runs; from then on the thread's time is the program's.
  await paced.executor.run(spin(SPIN_TURNS / 20));
  for (const duty of [0.5, 0.1]) {
    const restedBefore = await paced.order(duty * 1000);
    const [startedAt, cpuBefore] = [performance.now(), await cpuMs(paced.thread)];
    const outcome = await paced.executor.run(spin(SPIN_TURNS));
    const [wall, cpu] = [performance.now() - startedAt, (await cpuMs(paced.thread)) - cpuBefore];
    expect(outputOf(outcome)).toBe(outputOf(plain));
    expect(cpu / wall).toBeLessThan(duty + 0.05);
    const rested = (await paced.order(duty * 1000)) - restedBefore;
    // A loaded machine may give less than was asked for; then the shard has rested less than it would have had to.
    expect(cpu / wall > duty - 0.05 || rested / wall < 1 - duty).toBe(true);
    expect(duty === 0.5 || rested > 0).toBe(true);
    expect(outcome.durationMs).toBeLessThan(wall - rested + 50);
  }
});

test("another duty ends a rest at once, and an order that makes no sense means all of the time", async () => {
  const paced = await openPaced();
  await prepareSpin(paced, true);
  await paced.order(1);
  const running = paced.executor.run(spin(20_000_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const startedAt = performance.now();
  expect(await paced.order(Number.NaN)).toBeGreaterThanOrEqual(0);
  expect(outputOf(await running)).toMatch(/^[0-9a-f]{64}$/);
  expect(performance.now() - startedAt).toBeLessThan(1500);
  expect(await paced.order(1000)).toBeGreaterThan(0);
});
