import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { runChaos } from "./run-chaos.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-chaos-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("under fire every law holds, and the instance recovers by itself", { timeout: atSize(300_000, 1_800_000) }, async () => {
  const log: string[] = [];
  const report = await runChaos({
    folder,
    door: "routes",
    seed: TEST_SEED,
    seconds: atSize(18, 900),
    light: atSize(16, 40),
    processes: atSize(1, 3),
    // `npm run chaos` asks for thirty seconds; here other tests have the machine too.
    recoveryMsMax: 150_000,
    say: (line) => log.push(line),
  });
  const broken = report.laws.filter(({ problems }) => problems.length > 0);
  expect(broken, `seed ${TEST_SEED}\n${log.join("\n")}`).toEqual([]);
  expect(report.faults).toBeGreaterThan(5);
  expect(report.verdicts).toBeGreaterThan(20);
});
