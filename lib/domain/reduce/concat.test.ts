import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import type { OutputFormat } from "../job/job.ts";
import { createConcat, HEADER_BYTES_MAX } from "./concat.ts";

const encoder = new TextEncoder();

function concat(format: OutputFormat, shards: string[], chunkBytes = 1_000_000): string {
  const reducer = createConcat(format);
  const parts: Uint8Array[] = [];
  for (const shard of shards) {
    const bytes = encoder.encode(shard);
    for (let at = 0; at < bytes.length; at += chunkBytes) parts.push(...reducer.push(bytes.slice(at, at + chunkBytes)));
    parts.push(...reducer.endShard());
  }
  return Buffer.concat(parts).toString();
}

describe("csv", () => {
  test("the header of the first shard is kept and equal first lines of the others are dropped, however the bytes arrive", () => {
    const row = fc.stringMatching(/^[a-c,]{0,6}$/);
    const shard = fc.tuple(
      fc.constantFrom("a,b\n", "a,b\r\n", "x\n"),
      fc.array(
        row.map((r) => `${r}\n`),
        { maxLength: 4 },
      ),
    );
    fc.assert(
      fc.property(fc.array(shard, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 9 }), (shards, chunkBytes) => {
        const header = (shards[0]?.[0] ?? "").trimEnd();
        const expected = shards.map(([first, rows], i) => (i > 0 && first.trimEnd() === header ? "" : first) + rows.join("")).join("");
        expect(
          concat(
            "csv",
            shards.map(([first, rows]) => first + rows.join("")),
            chunkBytes,
          ),
        ).toBe(expected);
      }),
      { numRuns: atSize(300, 6000) },
    );
  });

  test("a shard that only repeats the header, with or without a newline, adds nothing", () => {
    expect(concat("csv", ["h\n1\n", "h", "h\n", "h\r\n2\n"], 1)).toBe("h\n1\n2\n");
  });

  test("a row that only begins like the header stays", () => {
    expect(concat("csv", ["head\n1\n", "he\n2\n", "header\n3\n"], 2)).toBe("head\n1\nhe\n2\nheader\n3\n");
  });

  test("the first shard that holds anything gives the header", () => {
    expect(concat("csv", ["", "h\n1\n", "", "h\n2\n"])).toBe("h\n1\n2\n");
  });

  test("rows of different shards never share a line", () => {
    expect(concat("csv", ["h\n1", "h\n2", "h\n3\n"])).toBe("h\n1\n2\n3\n");
  });

  test("a first line beyond the bound is data: it is kept everywhere and never held", () => {
    const long = "x".repeat(HEADER_BYTES_MAX + 10);
    expect(concat("csv", [`${long}\n1\n`, `${long}\n2\n`], 4096)).toBe(`${long}\n1\n${long}\n2\n`);
    expect(concat("csv", ["h\n1\n", `${long}\n2\n`], 4096)).toBe(`h\n1\n${long}\n2\n`);
  });
});

test("ndjson keeps every line and ends each shard's last one", () => {
  expect(concat("ndjson", ['{"a":1}', '{"a":1}\n', '{"a":2}'], 3)).toBe('{"a":1}\n{"a":1}\n{"a":2}');
});

test("text and bytes follow each other untouched", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a\n]{0,9}$/), { maxLength: 6 }),
      fc.constantFrom("text" as const, "bytes" as const),
      fc.integer({ min: 1, max: 5 }),
      (shards, format, chunkBytes) => {
        expect(concat(format, shards, chunkBytes)).toBe(shards.join(""));
      },
    ),
  );
});
