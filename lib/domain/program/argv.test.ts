import { expect, test } from "vitest";
import { placeholdersOf } from "../slicing/shard-values.ts";
import { fillArguments, findArgumentProblem } from "./argv.ts";

const RANGE_VALUES = { shard: "3", seed: "17", from: "0.5", to: "1", step: "0.25" };

test("fills every placeholder, several in one argument too, and leaves the rest as it is", () => {
  const filled = fillArguments(["--shard={shard}", "{from}..{to}/{step}", "{seed}", "", "plain $1 \\ ü"], RANGE_VALUES);
  expect(filled).toEqual({ ok: true, args: ["--shard=3", "0.5..1/0.25", "17", "", "plain $1 \\ ü"] });
});

test("doubled braces are literal braces", () => {
  const filled = fillArguments(['{{"shard":{shard}}}', "{{shard}}", "{{{shard}}}"], RANGE_VALUES);
  expect(filled).toEqual({ ok: true, args: ['{"shard":3}', "{shard}", "{3}"] });
});

test("a value that looks like a placeholder or a replacement pattern is not filled again", () => {
  expect(fillArguments(["{shard}"], { shard: "{seed}$&" })).toEqual({ ok: true, args: ["{seed}$&"] });
});

test("an unknown placeholder is refused by its name and position", () => {
  const filled = fillArguments(["{shard}", "x{limit}"], { shard: "1", seed: "2" });
  expect(filled).toMatchObject({ ok: false, problem: { argumentIndex: 1, placeholder: "limit" } });
  expect(filled.ok ? "" : filled.problem.message).toContain("{limit} is unknown here. This job offers {shard}, {seed}.");
});

test("a range placeholder is refused where the job is not sliced by a range", () => {
  expect(findArgumentProblem(["{from}"], placeholdersOf({ mode: "lines" }))?.placeholder).toBe("from");
  expect(findArgumentProblem(["{from}"], placeholdersOf({ mode: "range" }))).toBeNull();
});

test("names inherited from Object are unknown placeholders", () => {
  expect(findArgumentProblem(["{constructor}"], placeholdersOf({ mode: "lines" }))?.placeholder).toBe("constructor");
});

test("a brace that stands alone is refused with how to write it", () => {
  for (const text of ["{shard", "shard}", "{", "}", "{a{b}"]) {
    const problem = findArgumentProblem([text], placeholdersOf({ mode: "lines" }));
    expect(problem?.message).toMatch(/single [{}]|unknown/);
  }
});
