import { expect, test } from "vitest";
import type { JobManifest } from "#lib/protocol/exchange/exchange.ts";
import { composeRun } from "./shard-work.ts";
import { composeWarmUp } from "./warm-up.ts";

const manifest = (slicing: JobManifest["slicing"], args: string[] = []): JobManifest => ({
  jobId: `job_${"1".repeat(32)}`,
  name: "Test",
  description: "",
  topic: "",
  runtime: "wasi",
  program: { sha256: "0".repeat(64), url: "/p" },
  args,
  files: [],
  slicing,
  format: "bytes",
  limits: { timeMsMax: 1000, memoryBytesMax: 1 << 20, outputBytesMax: 1000 },
  seed: "7",
});
const bytes = (text: string) => new TextEncoder().encode(text);
const inputOf = (slicing: JobManifest["slicing"], text: string) => {
  const request = composeWarmUp(manifest(slicing), 3, bytes(text));
  return request && new TextDecoder().decode(request.stdin);
};

test("the first record of a shard is its smallest part", () => {
  expect(inputOf({ mode: "lines", linesPerShard: 1 }, "one\ntwo\nthree\n")).toBe("one\n");
  expect(inputOf({ mode: "fasta", recordsPerShard: 1 }, ">a\nACGT\nAC\n>b\nGG\n")).toBe(">a\nACGT\nAC\n");
});

test("a shard of one record has no smaller part", () => {
  expect(inputOf({ mode: "lines", linesPerShard: 1 }, "one\n")).toBeNull();
  expect(inputOf({ mode: "lines", linesPerShard: 1 }, "one")).toBeNull();
  expect(inputOf({ mode: "fasta", recordsPerShard: 1 }, ">a\nACGT\nAC\n")).toBeNull();
});

test("the first number of a range is its smallest part", () => {
  const slicing = { mode: "range", from: 100, to: 1000, step: 10, valuesPerShard: 5 } as const;
  const job = manifest(slicing, ["{from}", "{to}"]);
  const whole = composeRun(job, 3, bytes(""));
  expect(whole.args[0]).toBe("250");
  expect(composeWarmUp(job, 3, bytes(""))?.args).toEqual(["250", composeRun({ ...job, slicing: { ...slicing, valuesPerShard: 1 } }, 15, bytes("")).args[1]]);
  expect(composeWarmUp(manifest({ ...slicing, valuesPerShard: 1 }), 3, bytes(""))).toBeNull();
});
