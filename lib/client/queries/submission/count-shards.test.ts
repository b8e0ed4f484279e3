import { expect, test } from "vitest";
import { countShards } from "./count-shards.ts";

const signal = new AbortController().signal;
const fasta = (text: string) => countShards({ mode: "fasta", recordsPerShard: 2 }, new File([text], "in.fasta"), signal);

test("counts as the server cuts", async () => {
  expect(await fasta(">a\nAC\n>b\nGT\n>c\nTT\n")).toMatchObject({ ok: true, shardCount: 2 });
  expect(await countShards({ mode: "lines", linesPerShard: 1 }, new File(["a\nb\nc"], "in.txt"), signal)).toMatchObject({ ok: true, shardCount: 3 });
  expect(await countShards({ mode: "range", from: 0, to: 10, step: 3, valuesPerShard: 1 }, null, signal)).toMatchObject({ ok: true, shardCount: 4 });
});

test("tells which part of the input the first shards read, or which values they count", async () => {
  const bytes = (no: number, from: number, to: number) => ({ no, kind: "bytes", from, to });
  expect(await fasta(">a\nAC\n>b\nGT\n>c\nTT\n")).toMatchObject({ first: [bytes(0, 0, 12), bytes(1, 12, 18)] });
  const lines = await countShards({ mode: "lines", linesPerShard: 1 }, new File(["a\n".repeat(1000)], "in.txt"), signal);
  expect(lines).toMatchObject({ shardCount: 1000, first: [0, 1, 2, 3, 4].map((no) => bytes(no, 2 * no, 2 * no + 2)) });
  const range = await countShards({ mode: "range", from: 5, to: 10, step: 2, valuesPerShard: 2 }, null, signal);
  expect(range).toMatchObject({
    first: [
      { no: 0, kind: "values", from: 5, to: 9 },
      { no: 1, kind: "values", from: 9, to: 10 },
    ],
  });
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
