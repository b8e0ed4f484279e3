import { expect, test } from "vitest";
import { chooseRange } from "./byte-range.ts";

test.each([
  [null, 10, { kind: "whole" }],
  ["bytes=0-3", 10, { kind: "part", start: 0, end: 4 }],
  ["bytes=4-", 10, { kind: "part", start: 4, end: 10 }],
  ["bytes=9-99", 10, { kind: "part", start: 9, end: 10 }],
  ["bytes=-3", 10, { kind: "part", start: 7, end: 10 }],
  ["bytes=-30", 10, { kind: "part", start: 0, end: 10 }],
  ["bytes=10-", 10, { kind: "unsatisfiable" }],
  ["bytes=0-0", 0, { kind: "unsatisfiable" }],
  ["bytes=-0", 10, { kind: "unsatisfiable" }],
  ["bytes=-1", 0, { kind: "unsatisfiable" }],
  ["bytes=5-4", 10, { kind: "whole" }],
  ["bytes=-", 10, { kind: "whole" }],
  ["bytes=0-1,4-5", 10, { kind: "whole" }],
  ["lines=0-1", 10, { kind: "whole" }],
  ["bytes=99999999999999999999-", 10, { kind: "whole" }],
])("%s of %i bytes", (header, bytes, choice) => {
  expect(chooseRange(header, bytes)).toEqual(choice);
});
