import { expect, test } from "vitest";
import { parseReduce } from "./parse-reduce.ts";

test.each([
  ["concat", { kind: "concat" }],
  ["sum", { kind: "sum" }],
  ["mean:a.b", { kind: "mean", field: "a.b" }],
  ["top-k:10", { kind: "top-k", k: 10 }],
  ["top-k:3:score", { kind: "top-k", k: 3, field: "score" }],
  ["histogram:-1..2.5*7", { kind: "histogram", from: -1, to: 2.5, bins: 7 }],
  ["histogram:0..1*4:x", { kind: "histogram", from: 0, to: 1, bins: 4, field: "x" }],
  ['{"kind":"top-k","k":1,"order":"smallest"}', { kind: "top-k", k: 1, order: "smallest" }],
  ["./mine.wasm", { kind: "wasi", artifact: { path: "./mine.wasm" }, format: "csv" }],
])("%s", (text, reducer) => {
  expect(parseReduce(text, "csv")).toEqual(reducer);
});

test.each([
  ["median", /--reduce takes concat/],
  ["top-k", /top-k:K/],
  ["top-k:many", /top-k:K/],
  ["histogram:1..2", /FROM\.\.TO\*BINS/],
  ["{", /not JSON/],
])("%s is refused in words", (text, words) => {
  expect(() => parseReduce(text, "csv")).toThrow(words);
});
