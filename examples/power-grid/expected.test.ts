import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";

const folder = import.meta.dirname;
const job = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
const program = readFileSync(join(folder, "power-grid.wasm"));
const run = (args: string[]) =>
  runJobFile({ ...job, program: { ...job.program, args }, slicing: { mode: "range", from: 0, to: 1, step: 1, valuesPerShard: 1 } }, { folder, program });

test("every shard of job.json on a device's executor, joined, gives the expected bytes", async () => {
  expect(await runJobFile(job, { folder, program })).toBe(readFileSync(join(folder, "expected", "violations.csv"), "utf8"));
});

test("several outages in one shard give the same rows under one header", async () => {
  const expected = readFileSync(join(folder, "expected", "violations.csv"), "utf8");
  expect(expected.startsWith(await run(["outages", "/data", "0", "20", "1.5", "100"]))).toBe(true);
});

test.each([
  [["outages", "/data", "0", "188"], "TO must be a whole number from 0 to 187"],
  [["outages", "/data", "x", "1"], 'FROM must be a number, not "x"'],
  [["outages", "/nowhere", "0", "1"], "cannot open /nowhere/bus.csv"],
  [["losses"], 'say "voltages FOLDER"'],
])("%j is refused in words and with exit code 2", async (args, problem) => {
  await expect(run(args)).rejects.toThrow(problem);
});
