import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outputDistance } from "#lib/domain/compare/output-distance.ts";
import { kernelOutputBytes } from "#lib/domain/kernel/kernel-manifest.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { followCluster, toBytes } from "./nbody-reference.ts";

const job = jobFile.parse(JSON.parse(readFileSync(join(import.meta.dirname, "job.json"), "utf8")));
const expected = readFileSync(join(import.meta.dirname, "expected", "clusters.bin"));

test("the expected clusters are those of the reference, and one for each shard", () => {
  const { kernel } = job.program;
  if (!kernel) throw new Error("no kernel");
  const bytes = kernelOutputBytes(kernel);
  expect(expected).toHaveLength(12 * bytes);
  expect(Buffer.compare(expected.subarray(5 * bytes, 6 * bytes), toBytes(followCluster(5)))).toBe(0);
});

test("the job's tolerance tells clusters apart, and forgives what drivers differ in", () => {
  const { compare } = job.verification;
  if (compare?.kind !== "numeric") throw new Error("not compared by tolerance");
  const [first, second] = [expected.subarray(0, 8208), expected.subarray(8208, 2 * 8208)];
  expect(outputDistance(first, second, compare)).toBeGreaterThan(100);
  const shaken = new Float32Array(Uint8Array.from(first).buffer).map((number, index) => number + (index % 2 === 0 ? 2e-4 : -2e-4));
  expect(outputDistance(first, new Uint8Array(shaken.buffer), compare)).toBeLessThan(1);
});
