import { expect, test } from "vitest";
import { slicingJson } from "./slicing-json.ts";

test("a slicing that is right stays as it is when it is read again, as a device reads it", () => {
  const axes = [
    { name: "a", values: [1, "x"] },
    { name: "b", from: 0, to: 1, count: 5 },
  ];
  for (const slicing of [{ mode: "grid", axes }, { mode: "csv" }, { mode: "repeat", runs: 3 }]) {
    const read = slicingJson.parse(slicing);
    expect(slicingJson.parse(JSON.parse(JSON.stringify(read)))).toEqual(read);
  }
});

test.each([
  ["an axis without values", { mode: "grid", axes: [{ name: "a" }] }, "axes.0"],
  ["a list and spaced numbers at once", { mode: "grid", axes: [{ name: "a", values: [1], from: 1, to: 2, count: 3 }] }, "axes.0"],
  ["half of what spaced numbers need", { mode: "grid", axes: [{ name: "a", from: 1, to: 2 }] }, "axes.0"],
  ["an axis named as a placeholder of every job", { mode: "grid", axes: [{ name: "seed", values: [1] }] }, "axes.0.name"],
  ["two axes of one name", { mode: "grid", axes: [1, 2].map((value) => ({ name: "a", values: [value] })) }, "axes.1.name"],
  ["an axis that could not be a placeholder", { mode: "grid", axes: [{ name: "a}b", values: [1] }] }, "axes.0.name"],
  ["no axes", { mode: "grid", axes: [] }, "axes"],
  ["a value with a line break", { mode: "grid", axes: [{ name: "a", values: ["1\n2"] }] }, "axes.0.values.0"],
  ["a number that is none", { mode: "grid", axes: [{ name: "a", from: Number.NaN, to: 1, count: 2 }] }, "axes.0.from"],
  ["no runs", { mode: "repeat", runs: 0 }, "runs"],
  ["a block of nothing", { mode: "bytes", bytesPerShard: 0 }, "bytesPerShard"],
  ["a delimiter of two characters", { mode: "csv", delimiter: "||" }, "delimiter"],
  ["a field of another mode", { mode: "files", recordsPerShard: 1 }, ""],
])("%s is refused at its field", (_, slicing, field) => {
  const read = slicingJson.safeParse(slicing);
  expect(read.error?.issues[0]?.path.join(".")).toBe(field);
});
