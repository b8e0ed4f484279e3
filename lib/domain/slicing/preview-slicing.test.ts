import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { makeZip } from "#lib/testing/make-zip.ts";
import { previewSlicing } from "./preview-slicing.ts";
import { readShardInput, shardInputBytes } from "./read-shard-input.ts";
import type { Slicing } from "./slicing.ts";
import type { ByteSource } from "./zip/list-zip.ts";

const bytesOf = (input: string | Uint8Array) => (typeof input === "string" ? new TextEncoder().encode(input) : input);
const sourceOf = (input: string | Uint8Array): ByteSource => ({ bytes: bytesOf(input).length, read: async (from, to) => bytesOf(input).subarray(from, to) });
const preview = (slicing: Slicing, input: string | Uint8Array | null = null, shardsMax = 2) =>
  previewSlicing(slicing, input === null ? null : sourceOf(input), { shardsMax });

async function inputsOf(slicing: Slicing, input: string | Uint8Array, bytesMax = 1000): Promise<string[]> {
  const cut = await preview(slicing, input, 5);
  if (!cut.ok) throw new Error(cut.code);
  return await Promise.all(cut.first.map(async (shard) => new TextDecoder().decode(await readShardInput(sourceOf(input), shard, bytesMax))));
}

describe("what shards read", () => {
  const csv = { mode: "csv", recordsPerShard: 2, delimiter: "," } as const;
  test("with csv is the header before each of the rows", async () => {
    expect(await inputsOf(csv, "a,b\n1,2\n3,4\n5,6\n")).toEqual(["a,b\n1,2\n3,4\n", "a,b\n5,6\n"]);
    expect(await inputsOf(csv, "a,b\n1,2\n3,4\n", 6)).toEqual(["a,b\n1,"]);
    expect(await inputsOf(csv, "a,b\n1,2\n3,4\n", 2)).toEqual(["a,"]);
  });

  test("with bytes are blocks, the last one shorter", async () => {
    expect(await inputsOf({ mode: "bytes", bytesPerShard: 3 }, "abcdefgh")).toEqual(["abc", "def", "gh"]);
  });

  test("with files is each file of the zip", async () => {
    const zip = makeZip([
      { name: "b.txt", content: "second" },
      { name: "a.txt", content: "first" },
    ]);
    expect(await inputsOf({ mode: "files" }, zip)).toEqual(["first", "second"]);
    const cut = await preview({ mode: "files" }, zip);
    expect(cut.ok && cut.first.map(shardInputBytes)).toEqual([5, 6]);
  });
});

describe("a grid of a million points and a range of ten millions", () => {
  const axes = [
    { name: "x", from: 0, to: 1, count: 1000 },
    { name: "y", from: 0, to: 1, count: 1000 },
  ];
  test("cost no more than small ones", async () => {
    const startedMs = performance.now();
    const cut = await preview({ mode: "grid", axes });
    expect(cut).toMatchObject({
      ok: true,
      shardCount: 1_000_000,
      first: [{ values: { x: "0", y: "0" } }, { no: 1, values: { x: "0", y: "0.001001001001001001" } }],
    });
    expect(await preview({ mode: "range", from: 0, to: 1e7, step: 1, valuesPerShard: 1 })).toMatchObject({ ok: true, shardCount: 1e7 });
    // Walking them would take a hundred times as long.
    expect(performance.now() - startedMs).toBeLessThan(100);
  });
});

test.each<[string, Slicing, string | Uint8Array | null, object]>([
  ["an empty range", { mode: "range", from: 1, to: 1, step: 1, valuesPerShard: 1 }, null, { code: "bad_request", params: { field: "slicing.to" } }],
  ["a range beyond the limit", { mode: "range", from: 0, to: 2e7, step: 1, valuesPerShard: 1 }, null, { code: "shards_too_many", params: { count: 2e7 } }],
  [
    "a grid beyond the limit",
    { mode: "grid", axes: ["a", "b"].map((name) => ({ name, from: 0, to: 1, count: 1e7 })) },
    null,
    { code: "shards_too_many", params: { count: 1e14 } },
  ],
  ["an empty input", { mode: "lines", linesPerShard: 1 }, "", { code: "input_empty", params: { records: "lines" } }],
  ["no bytes", { mode: "bytes", bytesPerShard: 8 }, "", { code: "input_empty" }],
  [
    "a table of one header",
    { mode: "csv", recordsPerShard: 1, delimiter: "," },
    "a,b\n",
    { code: "input_empty", params: { records: "rows below its header" } },
  ],
  ["a broken row", { mode: "csv", recordsPerShard: 1, delimiter: "," }, "a,b\n1\n", { code: "input_malformed", params: { format: "CSV", line: 2 } }],
  ["text before the first record", { mode: "fasta", recordsPerShard: 1 }, "AC\n", { code: "input_malformed", params: { format: "FASTA", line: 1 } }],
  ["a zip of folders", { mode: "files" }, makeZip([{ name: "a/", content: "" }]), { code: "input_empty", params: { records: "files" } }],
  ["no zip", { mode: "files" }, "hello", { code: "zip_refused" }],
])("%s is refused as the server refuses it", async (_, slicing, input, refusal) => {
  expect(await preview(slicing, input)).toMatchObject({ ok: false, ...refusal });
});
