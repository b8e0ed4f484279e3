import { expect, test } from "vitest";
import { countShards } from "./count-shards.ts";

const signal = new AbortController().signal;
const fasta = (text: string) => countShards({ mode: "fasta", recordsPerShard: 2 }, new File([text], "in.fasta"), signal);

test("counts as the server cuts", async () => {
  expect(await fasta(">a\nAC\n>b\nGT\n>c\nTT\n")).toEqual({ ok: true, shardCount: 2 });
  expect(await countShards({ mode: "lines", linesPerShard: 1 }, new File(["a\nb\nc"], "in.txt"), signal)).toEqual({ ok: true, shardCount: 3 });
  expect(await countShards({ mode: "range", from: 0, to: 10, step: 3, valuesPerShard: 1 }, null, signal)).toEqual({ ok: true, shardCount: 4 });
});

test("says in words what is wrong with an input", async () => {
  expect(await fasta("AC\n")).toMatchObject({ ok: false, problem: expect.stringMatching(/^The input is not FASTA: line 1: /) });
  expect(await fasta("")).toEqual({ ok: false, problem: "The input holds no FASTA records, so there are no shards." });
  expect(await countShards({ mode: "range", from: 0, to: 2e7, step: 1, valuesPerShard: 1 }, null, signal)).toMatchObject({
    ok: false,
    problem: expect.stringContaining("20,000,000 shards"),
  });
});

test("stops when it is no longer wanted", async () => {
  await expect(countShards({ mode: "lines", linesPerShard: 1 }, new File(["a"], "in.txt"), AbortSignal.abort())).rejects.toThrow();
});
