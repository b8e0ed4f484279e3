import { expect, test } from "vitest";
import { toCsv } from "./to-csv.ts";

test("every row is a line, and what is not known is an empty field", () => {
  expect(
    toCsv(
      ["from", "rate"],
      [
        ["2026-01-01T00:00:00.000Z", 1.5],
        ["later", null],
      ],
    ),
  ).toBe("from,rate\r\n2026-01-01T00:00:00.000Z,1.5\r\nlater,\r\n");
});

test("quotes, commas and line ends stay inside their field", () => {
  expect(toCsv(['a"b'], [["x,y"], ["two\nlines"]])).toBe('"a""b"\r\n"x,y"\r\n"two\nlines"\r\n');
});

test("text cannot become a formula, numbers stay numbers", () => {
  expect(toCsv(["h"], [["=1+1"], [-1]])).toBe("h\r\n'=1+1\r\n-1\r\n");
});
