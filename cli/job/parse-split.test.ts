import { expect, test } from "vitest";
import { parseSplit } from "./parse-split.ts";

test.each([
  ["lines:1000", { mode: "lines", linesPerShard: 1000 }],
  ["fasta:50", { mode: "fasta", recordsPerShard: 50 }],
  ["csv", { mode: "csv" }],
  ["bytes:65536", { mode: "bytes", bytesPerShard: 65536 }],
  ["repeat:100", { mode: "repeat", runs: 100 }],
  ["files", { mode: "files" }],
  ["range:0..100", { mode: "range", from: 0, to: 100 }],
  ["range:-5..100..2:10", { mode: "range", from: -5, to: 100, step: 2, valuesPerShard: 10 }],
  [
    "grid:a=1,2.5,x;b=0..1*11",
    {
      mode: "grid",
      axes: [
        { name: "a", values: [1, 2.5, "x"] },
        { name: "b", from: 0, to: 1, count: 11 },
      ],
    },
  ],
  ['{"mode":"lines"}', { mode: "lines" }],
])("%s", (text, slicing) => {
  expect(parseSplit(text)).toEqual(slicing);
});

test.each([
  ["lines:many", /--split takes lines:N/],
  ["files:3", /--split takes/],
  ["range:5", /FROM\.\.TO/],
  ["range:1..2:x", /FROM\.\.TO/],
  ["grid:", /NAME=VALUE/],
  ["{", /not JSON/],
])("%s is refused in words", (text, words) => {
  expect(() => parseSplit(text)).toThrow(words);
});
