import { expect, test } from "vitest";
import { readNumber, readOptions } from "./read-options.ts";

const OPTIONS = { server: { type: "string" }, json: { type: "boolean" } } as const;

test("options and positionals are read by name", () => {
  expect(readOptions(["--server", "http://x", "job.json", "--json"], OPTIONS, ["FILE"])).toEqual({
    values: expect.objectContaining({ server: "http://x", json: true }),
    named: ["job.json"],
  });
});

test.each([
  [["--sever", "x"], /'--sever'.*--server, --json/],
  [["--server"], /--server/],
  [[], /FILE is missing/],
  [["a", "b"], /“b” is one argument too many/],
])("%j is refused in words", (args, words) => {
  expect(() => readOptions(args, OPTIONS, ["FILE"])).toThrow(words);
});

test.each(["0", "-1", "1.5", "1e3", "many", ""])("--cores %s is refused", (text) => {
  expect(() => readNumber("cores", text, { min: 1, max: 64 })).toThrow("--cores must be a whole number from 1 to 64");
});

test("a number within bounds is read, and one that was not given is undefined", () => {
  expect(readNumber("cores", "4", { min: 1, max: 64 })).toBe(4);
  expect(readNumber("cores", undefined, { min: 1, max: 64 })).toBeUndefined();
});
