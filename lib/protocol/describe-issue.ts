import type { z } from "zod";

/** What was wrong with a document of somebody: the field by its path, and half a sentence that goes on from its name, without a full stop. */
export type FieldProblem = { field: string; problem: string };

/** Sentences of the library's own, which speak to programmers; a schema's own sentence is written for whoever fills in the field. */
const BY_LIBRARY = /^(?:Invalid|Too (?:small|big)|Unrecognized)/;

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** An issue of a schema in plain words; `(document)` is the field where the document as a whole is wrong. */
export function describeIssue(issue: z.core.$ZodIssue | undefined): FieldProblem {
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map(String).join(".") || "(document)";
  return { field, problem: unknown === undefined ? problemOf(issue) : "it is not a known field" };
}

function problemOf(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return "is not right";
  if (!BY_LIBRARY.test(issue.message)) return issue.message.replace(/\.$/, "");
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "is missing" : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "too_small":
      return sizeProblem({ bound: Number(issue.minimum), origin: issue.origin, word: issue.inclusive === false ? "above" : "at least", isExact: issue.exact });
    case "too_big":
      return sizeProblem({ bound: Number(issue.maximum), origin: issue.origin, word: issue.inclusive === false ? "below" : "at most", isExact: issue.exact });
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union": {
      const { options } = issue as { options?: unknown };
      return Array.isArray(options) && options.length > 0 ? oneOf(options.map(String)) : "has none of the forms that are known";
    }
    default:
      return "does not have the form that is asked for";
  }
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}`;
}

const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "entries", set: "entries", map: "entries", record: "entries" };

type Size = { bound: number; origin: string; word: string; isExact: boolean | undefined };

function sizeProblem({ bound, origin, word, isExact }: Size): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${isExact ? "exactly" : word} ${bound}`;
  if (word === "at least" && bound === 1 && !isExact) return "may not be empty";
  return `must have ${isExact ? "exactly" : word} ${bound} ${unit}`;
}
