import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import { createFastaSlicer } from "./fasta-slicer.ts";
import { createLinesSlicer } from "./lines-slicer.ts";
import type { OffsetSink, Slicer, SliceSummary } from "./slicer.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Make = (perShard: number, onOffset: OffsetSink) => Slicer;

function slice(
  make: Make,
  { text, perShard, cuts = [] }: { text: string | Uint8Array; perShard: number; cuts?: number[] },
): { offsets: number[]; summary: SliceSummary } {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const offsets: number[] = [];
  const slicer = make(perShard, (offset) => offsets.push(offset));
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i++) slicer.push(bytes.subarray(edges[i - 1], edges[i]));
  return { offsets, summary: slicer.end() };
}

function slices(text: string, offsets: number[]): string[] {
  const bytes = encoder.encode(text);
  return offsets.slice(1).map((end, i) => decoder.decode(bytes.subarray(offsets[i], end)));
}

const newline = fc.constantFrom("\n", "\r\n");
const name = fc.stringMatching(/^[A-Za-zäé|>][A-Za-z0-9 |>_ä]{0,12}$/);
const sequence = fc.array(fc.tuple(fc.stringMatching(/^[ACGT*-]{1,9}$/), newline, fc.boolean()), { minLength: 1, maxLength: 4 });
const fastaRecord = fc
  .tuple(name, newline, sequence)
  .map(([n, nl, lines]) => `>${n}${nl}${lines.map(([s, end, blank]) => s + end + (blank ? end : "")).join("")}`);
const fasta = fc.record({
  lead: fc.constantFrom("", "\n", " \r\n\n"),
  records: fc.array(fastaRecord, { minLength: 1, maxLength: 12 }),
  trimEnd: fc.boolean(),
});
const cuts = fc.array(fc.nat(400), { maxLength: 30 });
const perShard = fc.integer({ min: 1, max: 5 });

describe("FASTA", () => {
  test("every record lies in exactly one shard, shards have recordsPerShard records, and together they are the input, however it arrives", () => {
    fc.assert(
      fc.property(fasta, cuts, perShard, ({ lead, records, trimEnd }, at, per) => {
        const whole = lead + records.join("");
        const text = trimEnd ? whole.trimEnd() : whole;
        const { offsets, summary } = slice(createFastaSlicer, { text, perShard: per, cuts: at });
        expect(summary).toEqual({ ok: true, records: records.length, shardCount: Math.ceil(records.length / per), bytes: encoder.encode(text).length });
        const parts = slices(text, offsets);
        expect(parts.join("")).toBe(text);
        expect(parts.map((part) => part.trim())).toEqual(
          Array.from({ length: Math.ceil(records.length / per) }, (_, i) =>
            records
              .slice(i * per, (i + 1) * per)
              .join("")
              .trim(),
          ),
        );
      }),
    );
  });

  test("any bytes give the same answer whatever the chunks", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x3e, 0x0a, 0x0d, 0x41, 0x20, 0x00, 0xc3), { maxLength: 60 }), cuts, perShard, (bytes, at, per) => {
        const text = Uint8Array.from(bytes);
        const whole = slice(createFastaSlicer, { text, perShard: per });
        const cut = slice(createFastaSlicer, { text, perShard: per, cuts: at });
        expect(cut.summary).toEqual(whole.summary);
        expect(cut.offsets).toEqual(whole.offsets);
        if (whole.summary.ok) expect(whole.offsets.length).toBe(whole.summary.records === 0 ? 0 : whole.summary.shardCount + 1);
      }),
      { numRuns: atSize(500, 10000) },
    );
  });

  test("an input without records makes no shards", () => {
    for (const text of ["", "\n", " \r\n\n"])
      expect(slice(createFastaSlicer, { text, perShard: 1 })).toMatchObject({ offsets: [], summary: { ok: true, records: 0, shardCount: 0 } });
  });

  test.each([
    ["text before the first record", "\nACGT\n>a\nAC\n", 2, /before the first record/],
    ["a record without a name", ">a\nAC\n> \t\nAC\n", 3, /no name/],
    ["a last header without a name", ">a\nAC\n>", 3, /no name/],
    ["a record without a sequence", ">a\n\n>b\nAC\n", 1, /no sequence/],
    ["a last record without a sequence", ">a\nAC\n>b", 3, /no sequence/],
    ["a NUL byte", ">a\nAC\n\0\n", 3, /0x00/],
    ["bytes of an archive", "\x1f\x8b\x08", 1, /0x1f/],
    ["two records on old Mac line endings, which are one header", ">a\rAC\r>b\rAC\r", 1, /no sequence/],
  ])("%s is malformed, with its line", (_, text, line, problem) => {
    expect(slice(createFastaSlicer, { text, perShard: 1 }).summary).toEqual({ ok: false, line, problem: expect.stringMatching(problem) });
  });

  test("after a problem further chunks are not read and the problem stays", () => {
    const slicer = createFastaSlicer(1, () => {});
    const problem = slicer.push(encoder.encode("oops\n"));
    expect(problem).toMatchObject({ line: 1 });
    expect(slicer.push(encoder.encode(">a\nAC\n"))).toEqual(problem);
    expect(slicer.end()).toEqual({ ok: false, ...problem });
  });
});

describe("lines", () => {
  const text = fc.array(fc.constantFrom("a", "\n", "\r\n", "ä", "\0", ","), { maxLength: 60 }).map((parts) => parts.join(""));

  test("every line lies in exactly one shard, shards have linesPerShard lines, and together they are the input, however it arrives", () => {
    fc.assert(
      fc.property(text, cuts, perShard, (input, at, per) => {
        const { offsets, summary } = slice(createLinesSlicer, { text: input, perShard: per, cuts: at });
        const lines = input.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        expect(summary).toEqual({ ok: true, records: lines.length, shardCount: Math.ceil(lines.length / per), bytes: encoder.encode(input).length });
        expect(slices(input, offsets)).toEqual(Array.from({ length: Math.ceil(lines.length / per) }, (_, i) => lines.slice(i * per, (i + 1) * per).join("")));
      }),
      { numRuns: atSize(300, 6000) },
    );
  });

  test("a final newline begins no further shard, and an empty input has none", () => {
    expect(slice(createLinesSlicer, { text: "a\nb\n", perShard: 1 }).offsets).toEqual([0, 2, 4]);
    expect(slice(createLinesSlicer, { text: "a\nb", perShard: 1 }).offsets).toEqual([0, 2, 3]);
    expect(slice(createLinesSlicer, { text: "", perShard: 1 })).toEqual({ offsets: [], summary: { ok: true, records: 0, shardCount: 0, bytes: 0 } });
  });
});
