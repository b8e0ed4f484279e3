import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { medianOf } from "#bench/report.ts";
import { NodeHost } from "#cli/volunteer/node-host.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import { connect, type Live } from "#workers/volunteer/running/live-executor.ts";

const ROUNDS = 5;
const MEMORY_BYTES_MAX = 2 ** 26;
/** An executor that overruns its limit has run for a while, and the host's spare is there. */
const LOOPING_MS = 4000;

/** What it costs to end an executor in an endless loop, and until another one has the program ready: medians in milliseconds, as the pool does it, side by side. */
export async function measureReplacement(): Promise<{ killMs: number; replaceMs: number }> {
  const program = await readTestProgram("misbehave");
  const programSha256 = createHash("sha256").update(program).digest("hex");
  const request: PrepareRequest = { jobId: "job_bench", program, programSha256, memoryBytesMax: MEMORY_BYTES_MAX, files: [] };
  const host = new NodeHost();
  const start = async (): Promise<Live> => {
    const live = connect(await host.spawn());
    const prepared = await live.executor.prepare(request);
    if (!prepared.ok) throw new Error(prepared.reason);
    return live;
  };
  const kills: number[] = [];
  const replacements: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const live = await start();
    const limits = { outputBytesMax: 1024, stderrBytesMax: 1024 };
    live.executor.run({ jobId: request.jobId, args: ["loop"], env: {}, stdin: new Uint8Array(), seed: 0n, limits }).catch(() => undefined);
    await sleep(LOOPING_MS);
    const startedAt = performance.now();
    const killed = host.kill(live.id).then(() => kills.push(performance.now() - startedAt));
    const next = await start();
    replacements.push(performance.now() - startedAt);
    await killed;
    live.sayGone();
    await host.kill(next.id);
    next.sayGone();
  }
  return { killMs: medianOf(kills), replaceMs: medianOf(replacements) };
}
