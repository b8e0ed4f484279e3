import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { ContainedExecutor } from "./contained-executor.ts";

test.runIf(process.platform === "linux")("a bundler that is killed costs one attempt, and the device computes with the next", async () => {
  await initSha256();
  const bytes = await readTestProgram("probe");
  const request = { jobId: "probe", programSha256: sha256Hex(bytes), program: bytes, memoryBytesMax: 1 << 26, files: [] };
  const [executor, other] = [new ContainedExecutor(), new ContainedExecutor()];
  try {
    // Two ask at once, as cores do.
    const first = Promise.allSettled([executor.prepare(request), other.prepare(request)]);
    process.kill(await findBundler(), "SIGKILL");
    expect((await first).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await executor.prepare(request)).toMatchObject({ ok: true });
    const limits = { outputBytesMax: 100_000, stderrBytesMax: 1000 };
    expect(await executor.run({ jobId: "probe", args: ["1"], env: { SHOAL_SHARD: "3" }, stdin: new Uint8Array(), seed: 7n, limits })).toMatchObject({
      status: "ok",
    });
  } finally {
    executor.close();
    other.close();
  }
});

/** The process of the bundler, as soon as there is one. */
async function findBundler(): Promise<number> {
  for (const endMs = performance.now() + 10_000; performance.now() < endMs; await turn()) {
    const pids = read(`task/${process.pid}/children`).split(" ");
    const bundler = pids.find((pid) => pid !== "" && read(`../${pid}/cmdline`).includes("--service="));
    if (bundler) return Number(bundler);
  }
  throw new Error("No bundler was started.");
}

function read(file: string): string {
  try {
    return readFileSync(`/proc/${process.pid}/${file}`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
