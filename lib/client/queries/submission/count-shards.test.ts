import { expect, test } from "vitest";
import { countShards } from "./count-shards.ts";

const signal = new AbortController().signal;
const fasta = (text: string) => countShards({ mode: "fasta", recordsPerShard: 2 }, new File([text], "in.fasta"), signal);

test("counts as the server cuts", async () => {
  expect(await fasta(">a\nAC\n>b\nGT\n>c\nTT\n")).toEqual({ ok: true, shardCount: 2 });
  expect(await countShards({ mode: "lines", linesPerShard: 1 }, new File(["a\nb\nc"], "in.txt"), signal)).toEqual({ ok: true, shardCount: 3 });
  expect(await countShards({ mode: "range", from: 0, to: 10, step: 3, valuesPerShard: 1 }, null, signal)).toEqual({ ok: true, shardCount: 4 });
});

test("refuses with the server's own codes", async () => {
  expect(await fasta("AC\n")).toMatchObject({ ok: false, code: "input_malformed", params: { format: "FASTA", line: 1 } });
  expect(await fasta("")).toEqual({ ok: false, code: "input_empty", params: { records: "FASTA records" } });
  expect(await countShards({ mode: "range", from: 0, to: 2e7, step: 1, valuesPerShard: 1 }, null, signal)).toMatchObject({
    ok: false,
    code: "shards_too_many",
    params: { count: 20_000_000 },
  });
});

test("stops when it is no longer wanted", async () => {
  await expect(countShards({ mode: "lines", linesPerShard: 1 }, new File(["a"], "in.txt"), AbortSignal.abort())).rejects.toThrow();
});
