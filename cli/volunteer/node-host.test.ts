import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import type { ShardOutcome } from "#workers/executor/executor-contract.ts";
import { connect, within } from "#workers/volunteer/running/live-executor.ts";
import { NodeHost } from "./node-host.ts";

test("an executor that loops for ever is ended and replaced by one that has loaded already", async () => {
  await initSha256();
  const host = new NodeHost();
  const program = await readTestProgram("misbehave");
  const prepare = { jobId: "job_loop", programSha256: sha256Hex(program), program, memoryBytesMax: 1 << 26, files: [] };
  const limits = { outputBytesMax: 1024, stderrBytesMax: 1024 };
  const first = connect(await host.spawn());
  await first.executor.prepare(prepare);
  const run = first.executor.run({ jobId: "job_loop", args: ["loop"], env: {}, stdin: new Uint8Array(), seed: 1n, limits });
  expect(await within<ShardOutcome>(300, first, run)).toBe("late");
  // The spare is there once nobody has asked for a while.
  await sleep(4000);
  const startedAt = performance.now();
  const [second] = await Promise.all([host.spawn().then(connect), host.kill(first.id)]);
  const replacedMs = performance.now() - startedAt;
  expect(await second.executor.prepare(prepare)).toMatchObject({ ok: true });
  // A thread that has to load takes longer than that on an idle machine; how long this one takes, bench:engine tells.
  const fresh = performance.now();
  await new NodeHost().spawn();
  expect(replacedMs).toBeLessThan(performance.now() - fresh);
  await host.kill(second.id);
});
