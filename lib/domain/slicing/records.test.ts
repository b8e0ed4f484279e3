import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import { createSlicer } from "./create-slicer.ts";
import type { RecordSlicing } from "./slicing.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function slice(slicing: RecordSlicing, text: string | Uint8Array, cuts: number[] = []) {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const offsets: number[] = [];
  const slicer = createSlicer(slicing, (offset) => offsets.push(offset));
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i++) slicer.push(bytes.subarray(edges[i - 1], edges[i]));
  const parts = () => offsets.slice(1).map((end, i) => decoder.decode(bytes.subarray(offsets[i], end)));
  return { offsets, parts, summary: slicer.end() };
}

const cuts = fc.array(fc.nat(400), { maxLength: 30 });
const perShard = fc.integer({ min: 1, max: 4 });

describe("CSV", () => {
  const csv = (recordsPerShard: number, delimiter: "," | ";" | "\t" = ",") => ({ mode: "csv" as const, recordsPerShard, delimiter });
  const field = fc.oneof(
    fc.stringMatching(/^[a-z0-9ä ]{0,6}$/),
    fc.array(fc.constantFrom("a", ",", '""', "\n", "\r\n", ";"), { maxLength: 5 }).map((parts) => `"${parts.join("")}"`),
  );
  const table = fc.integer({ min: 1, max: 4 }).chain((columns) => {
    // The first field is never empty, so that no row is an empty line.
    const row = fc
      .tuple(fc.constantFrom("x", '"y"', '""'), fc.array(field, { minLength: columns - 1, maxLength: columns - 1 }))
      .map(([first, rest]) => [first, ...rest].join(","));
    return fc.tuple(row, fc.array(row, { maxLength: 9 }), fc.constantFrom("\n", "\r\n"), fc.boolean());
  });

  test("each row lies in one shard, shards have recordsPerShard rows, and header and shards together are the input, however it arrives", () => {
    fc.assert(
      fc.property(table, cuts, perShard, ([header, rows, end, isOpen], at, per) => {
        const whole = [header, ...rows].map((row) => row + end).join("");
        const text = isOpen ? whole.slice(0, -end.length) : whole;
        const { offsets, parts, summary } = slice(csv(per), text, at);
        expect(summary).toEqual({ ok: true, records: rows.length, shardCount: Math.ceil(rows.length / per), bytes: encoder.encode(text).length });
        if (rows.length === 0) {
          expect(offsets).toEqual([]);
          return;
        }
        expect(offsets[0]).toBe(encoder.encode(header + end).length);
        const shards = Array.from({ length: Math.ceil(rows.length / per) }, (_, i) =>
          rows
            .slice(i * per, (i + 1) * per)
            .map((row) => row + end)
            .join(""),
        );
        expect(parts().map((part) => (part.endsWith(end) ? part : part + end))).toEqual(shards);
      }),
      { numRuns: atSize(300, 6000) },
    );
  });

  test("empty lines are passed over, a byte order mark may stand before a quoted header, and other delimiters are read", () => {
    expect(slice(csv(1), '\uFEFF"a",b\n\n1,2\n\r\n3,4\n\n').parts()).toEqual(["1,2\n\r\n", "3,4\n\n"]);
    expect(slice(csv(1, ";"), "a;b\n1,5;2\n").summary).toMatchObject({ ok: true, records: 1 });
    expect(slice(csv(1, "\t"), "a\tb\n1\t\n").summary).toMatchObject({ ok: true, records: 1 });
  });

  test.each([
    ["too few fields", "a,b\n1,2\n3\n", 3, /1 field and the header 2/],
    ["too many fields", "a,b\n1,2,3\n", 2, /3 fields and the header 2/],
    ["a row after one with line breaks", 'a,b\n"1\n\n",2\n3\n', 5, /1 field/],
    ["a quotation that is never closed", 'a,b\n1,2\n"3,4\n5,6\n', 3, /none closes it/],
    ["a quotation mark inside a field", 'a,b\n1,5" pipe\n', 2, /inside a field/],
    ["text behind a closed quotation", 'a,b\n"1"x,2\n', 2, /follows the quotation mark/],
    ["a NUL byte", "a,b\n1,\0\n", 2, /0x00/],
    ["old Mac line endings", "a,b\r1,2\r", 1, /carriage return/],
    ["a header of 64 KiB and more", `${"h".repeat(65_536)},b\n1,2\n`, 1, /header is longer/],
  ])("%s is refused with its line", (_, text, line, problem) => {
    for (const at of [[], [1, 5, 7, 8, 9, 10, 11]])
      expect(slice(csv(1), text, at).summary).toEqual({ ok: false, line, problem: expect.stringMatching(problem) });
  });

  test("a header alone makes no shards", () => {
    expect(slice(csv(1), "a,b\n").summary).toMatchObject({ ok: true, records: 0 });
    expect(slice(csv(1), "").summary).toMatchObject({ ok: true, records: 0 });
  });
});

describe("NDJSON", () => {
  const ndjson = (recordsPerShard: number) => ({ mode: "ndjson" as const, recordsPerShard });

  test("each document lies in one shard, and together they are the input, however it arrives", () => {
    const documents = fc.array(fc.tuple(fc.json({ maxDepth: 2 }), fc.constantFrom("\n", "\r\n", "\n\n", "\n \t\n")), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(documents, cuts, perShard, fc.constantFrom("", "\n", " \r\n"), (all, at, per, lead) => {
        const text = lead + all.map(([document, end]) => document + end).join("");
        const { parts, summary } = slice(ndjson(per), text, at);
        expect(summary).toMatchObject({ ok: true, records: all.length, shardCount: Math.ceil(all.length / per) });
        expect(parts().join("")).toBe(text);
        for (const [i, part] of parts().entries()) {
          const read = part.split("\n").filter((line) => line.trim() !== "");
          expect(read.map((line) => JSON.parse(line))).toEqual(all.slice(i * per, (i + 1) * per).map(([document]) => JSON.parse(document)));
        }
      }),
      { numRuns: atSize(200, 4000) },
    );
  });

  test.each([
    ["a half document", '{"a":1}\n{"a":\n', 2, /whole JSON/],
    ["two documents on a line", "{}\n\n1 2\n", 3, /whole JSON/],
    ["a last line that is none", '1\n2\n"', 3, /whole JSON/],
    ["bytes that are not UTF-8", Uint8Array.of(0x31, 0x0a, 0x22, 0xff, 0x22, 0x0a), 2, /UTF-8/],
    ["a line of more than 16 MiB", new Uint8Array(16 * 2 ** 20 + 1).fill(0x31), 1, /longer/],
  ])("%s is refused with its line", (_, text, line, problem) => {
    for (const at of [[], [1, 3, 9]]) expect(slice(ndjson(1), text, at).summary).toEqual({ ok: false, line, problem: expect.stringMatching(problem) });
  });
});
