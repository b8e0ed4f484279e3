import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import type { OutputFormat } from "../job/job.ts";
import { createFold } from "./fold.ts";
import type { FoldReducer } from "./reducer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const singles = (numbers: number[]) => new Uint8Array(new Float32Array(numbers).buffer);

function reduce(reducer: FoldReducer, format: OutputFormat, outputs: (string | Uint8Array)[]): string {
  const fold = createFold(reducer, format);
  for (const [no, output] of outputs.entries()) fold.add(no, typeof output === "string" ? bytes(output) : output);
  return new TextDecoder().decode(fold.result().bytes);
}
const document = (reducer: FoldReducer, format: OutputFormat, outputs: string[]): unknown => JSON.parse(reduce(reducer, format, outputs));

describe("statistics", () => {
  test("of lines, of a column and of members of documents", () => {
    expect(document({ kind: "sum" }, "text", ["1\n2.5\n", "\n-3\n", "no number"])).toEqual({ reducer: "sum", value: 0.5, count: 3, missing: 1 });
    const csv = ['name,score\n"a,b",2\nc,\n', "name,score\r\nd,4\r\n"];
    expect(document({ kind: "max", field: "score" }, "csv", csv)).toEqual({ reducer: "max", field: "score", value: 4, count: 2, missing: 1 });
    expect(document({ kind: "min", field: "a.b" }, "ndjson", ['{"a":{"b":2}}\n{"a":{}}\n', '{"a":{"b":-1}}\n'])).toMatchObject({
      value: -1,
      count: 2,
      missing: 1,
    });
    expect(document({ kind: "mean", field: "x" }, "json", ['{"x":1}', '{"x":2}', '{"x":3}'])).toMatchObject({ value: 2, standardDeviation: 1, count: 3 });
    expect(document({ kind: "max", field: "__proto__" }, "json", ["{}"])).toMatchObject({ value: null, missing: 1 });
  });

  test("a sum loses nothing to rounding that a double can hold", () => {
    expect(document({ kind: "sum" }, "text", ["1e100", "1", "-1e100"])).toMatchObject({ value: 1 });
  });

  test("of arrays go element by element; one of another length is left out", () => {
    const arrays = [singles([1, 2]), singles([3, -5]), singles([9])];
    const of = (kind: "sum" | "min" | "mean") => {
      const fold = createFold({ kind }, "f32");
      for (const array of arrays) fold.add(0, array);
      return [...new Float64Array(Uint8Array.from(fold.result().bytes).buffer)];
    };
    expect([of("sum"), of("min"), of("mean")]).toEqual([
      [4, -3],
      [1, -5],
      [2, -1.5],
    ]);
  });
});

test("a histogram counts each number once, at its place or beside", () => {
  const found = document({ kind: "histogram", from: 0, to: 1, bins: 4 }, "text", ["0\n0.25\n0.999999999999\n1\n-0.1\nx\n"]);
  expect(found).toEqual({ reducer: "histogram", from: 0, to: 1, counts: [1, 1, 0, 1], below: 1, above: 1, missing: 1 });
});

test("the top rows keep their header and their order, equal ones by shard", () => {
  const reducer = { kind: "top-k", k: 2, order: "largest", field: "score" } as const;
  expect(reduce(reducer, "csv", ["id,score\na,1\nb,3\n", "id,score\nc,3\nd,2\n"])).toBe("id,score\nb,3\nc,3\n");
  expect(reduce({ ...reducer, order: "smallest" }, "ndjson", ['{"score":5}\n', '{"score":-1,"id":"x"}\n{"score":7}\n'])).toBe(
    '{"score":-1,"id":"x"}\n{"score":5}\n',
  );
  expect(reduce({ kind: "top-k", k: 1, order: "largest" }, "f32", [singles([1]), singles([0, 4])])).toBe('{"shard":1,"index":1,"value":4}\n');
});

describe("every reducer", () => {
  const REDUCERS: FoldReducer[] = [
    { kind: "sum" },
    { kind: "min" },
    { kind: "max" },
    { kind: "mean" },
    { kind: "histogram", from: -10, to: 10, bins: 5 },
    { kind: "top-k", k: 3, order: "largest" },
  ];
  const outputs = fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 });

  test("gives the same for blocks that were saved and merged as for all outputs at once, and the same again", () => {
    fc.assert(
      fc.property(
        outputs,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...REDUCERS),
        fc.constantFrom<OutputFormat>("text", "f32"),
        (all, block, reducer, format) => {
          const encode = (numbers: number[]) => (format === "f32" ? singles(numbers) : bytes(numbers.join("\n")));
          const lists = format === "f32" ? all.map((numbers) => [numbers[0] ?? 0]) : all;
          const whole = createFold(reducer, format);
          const joined = createFold(reducer, format);
          for (let at = 0; at < lists.length; at += block) {
            const part = createFold(reducer, format);
            for (const [i, numbers] of lists.slice(at, at + block).entries()) {
              part.add(at + i, encode(numbers));
              whole.add(at + i, encode(numbers));
            }
            joined.merge(part.save());
          }
          const read = (fold: typeof whole) =>
            new TextDecoder()
              .decode(fold.result().bytes)
              .replace(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g, (number) => (Math.abs(Number(number)) < 1e-9 ? 0 : Number(number)).toPrecision(9));
          expect(read(joined)).toBe(read(whole));
          const again = createFold(reducer, format);
          again.merge(joined.save());
          expect(again.result()).toEqual(joined.result());
        },
      ),
      { numRuns: atSize(300, 4000) },
    );
  });

  test("takes any bytes for an output without failing", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...REDUCERS),
        fc.constantFrom<OutputFormat>("text", "csv", "ndjson", "json", "f32"),
        (output, reducer, format) => {
          const fold = createFold(reducer, format);
          fold.add(0, output);
          createFold(reducer, format).merge(fold.save());
          expect(fold.result().bytes).toBeInstanceOf(Uint8Array);
        },
      ),
    );
  });
});
