import { expect, test } from "vitest";
import { z } from "zod";
import { describeIssue } from "./describe-issue.ts";

const schema = z.strictObject({
  name: z.string().min(1).max(8),
  list: z.array(z.number()).min(2).max(3),
  count: z.number().int().min(1).max(9),
  above: z.number().gt(0),
  kind: z.enum(["a", "b"]),
  only: z.literal("x"),
  code: z.string().regex(/^\d+$/),
  said: z.string().regex(/^\d+$/, "must be digits."),
  step: z.number().multipleOf(4),
  either: z.discriminatedUnion("mode", [z.object({ mode: z.literal("one") }), z.object({ mode: z.literal("two") })]),
  is: z.boolean(),
});
const right = { name: "a", list: [1, 2], count: 1, above: 1, kind: "a", only: "x", code: "1", said: "1", step: 4, either: { mode: "one" }, is: true };
const issueOf = (document: unknown) => schema.safeParse(document).error?.issues[0];
const told = (change: Record<string, unknown>) => {
  const { field, problem } = describeIssue(issueOf({ ...right, ...change }));
  return `${field}: ${problem}`;
};

test("every issue of a schema is told in plain words, with its field", () => {
  expect(schema.safeParse(right).success).toBe(true);
  expect([
    told({ name: undefined }),
    told({ name: 5 }),
    told({ name: "" }),
    told({ name: "123456789" }),
    told({ list: [1] }),
    told({ list: [1, 2, 3, 4] }),
    told({ list: {} }),
    told({ list: [1, "2"] }),
    told({ count: 0 }),
    told({ count: 10 }),
    told({ count: 1.5 }),
    told({ above: 0 }),
    told({ kind: "c" }),
    told({ only: "y" }),
    told({ code: "x" }),
    told({ said: "x" }),
    told({ step: 3 }),
    told({ either: { mode: "three" } }),
    told({ is: "yes" }),
    told({ extra: 1 }),
  ]).toEqual([
    "name: is missing",
    "name: must be text",
    "name: may not be empty",
    "name: must have at most 8 characters",
    "list: must have at least 2 entries",
    "list: must have at most 3 entries",
    "list: must be a list",
    "list.1: must be a number",
    "count: must be at least 1",
    "count: must be at most 9",
    "count: must be a whole number",
    "above: must be above 0",
    "kind: must be one of a, b",
    "only: must be x",
    "code: does not have the form that is asked for",
    "said: must be digits",
    "step: must be a multiple of 4",
    "either.mode: must be one of one, two",
    "is: must be true or false",
    "extra: it is not a known field",
  ]);
});

test("a document that is no object at all is wrong as a whole", () => {
  expect(describeIssue(issueOf([]))).toEqual({ field: "(document)", problem: "must be an object" });
  expect(describeIssue(undefined)).toEqual({ field: "(document)", problem: "is not right" });
});
