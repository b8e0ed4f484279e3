import { expect, test } from "vitest";
import { firstLines } from "./first-lines.ts";
import { readTable } from "./read-table.ts";

test("CSV has its first line as head, NDJSON the fields of all its objects", () => {
  expect(readTable(["a,b", "1,2"], "csv")).toEqual({ columns: ["a", "b"], rows: [["1", "2"]] });
  expect(readTable(['{"a":1}', '{"b":"x","a":[2]}'], "ndjson")).toEqual({
    columns: ["a", "b"],
    rows: [
      ["1", ""],
      ["[2]", "x"],
    ],
  });
});

test("what is no table is none", () => {
  expect(readTable(['{"a":1}', "not json"], "ndjson")).toBeNull();
  expect(readTable(["[1]"], "ndjson")).toBeNull();
  expect(readTable(["a,b"], "text")).toBeNull();
  expect(readTable([], "csv")).toBeNull();
});

test("quoted, empty and plain fields are told apart", () => {
  expect(readTable(["h", 'a,"b, ""c""",,d', "a,"], "csv")?.rows).toEqual([
    ["a", 'b, "c"', "", "d"],
    ["a", ""],
  ]);
});

test("only whole lines are shown, and a character that was cut is left out", () => {
  const sample = (text: string, isWhole: boolean, cut = 0) => ({ bytes: new TextEncoder().encode(text).slice(0, cut || undefined), isWhole });
  expect(firstLines(sample("a\r\nb\nc", true), 9)).toEqual(["a", "b", "c"]);
  expect(firstLines(sample("a\nb\nc", false), 9)).toEqual(["a", "b"]);
  expect(firstLines(sample("a\nb\nc\n", true), 2)).toEqual(["a", "b"]);
  expect(firstLines(sample("long line", false), 9)).toEqual(["long line"]);
  expect(firstLines(sample("aü", false, 2), 9)).toEqual(["a"]);
  expect(firstLines(sample("", true), 9)).toEqual([]);
});
