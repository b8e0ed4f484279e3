import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FORBIDDEN_FEATURES } from "#lib/domain/program/findings.ts";
import { COMPONENT, forbiddenFeatureProblem, invalidProblem, malformedProblem, NOT_WASM } from "#lib/domain/program/program-problems.ts";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { CATALOGUES } from "./catalogue.ts";
import { createWords } from "./words.ts";

const german = createWords("de", CATALOGUES.de);
const english = createWords("en", CATALOGUES.en);
const { phrases } = CATALOGUES.de;

test("a refusal of the instance is German to its last word", () => {
  expect(german.sayError(new ApiError("input_needed", { mode: "fasta", problem: "needs an input" }))).toBe(
    "Die Aufteilung nach fasta passt nicht: sie braucht eine Eingabe.",
  );
  expect(german.sayError(new ApiError("not_found", { what: "key" }))).toContain("Schlüssel");
});

test("what varies in a phrase is kept, and a job's state is named as the page names it", () => {
  expect(german.sayError(new ApiError("conflict", { problem: "you have 20 keys; revoke one first" }))).toBe(
    "Das geht nicht: du hast 20 Schlüssel; widerrufe zuerst einen.",
  );
  expect(german.sayError(new ApiError("conflict", { problem: "the job is paused" }))).toBe("Das geht nicht: der Job hat den Stand „Angehalten“.");
});

describe("what is not translated", () => {
  test("stays as the instance said it, and English stays English", () => {
    expect(german.sayPhrase("something of tomorrow")).toBe("something of tomorrow");
    expect(english.sayPhrase("the job is paused")).toBe("the job is paused");
  });

  test("are names that people gave, also where they look like a phrase", () => {
    expect(german.sayError(new ApiError("conflict", { problem: "these jobs have not ended or are still being settled: key, text" }))).toContain(": key, text.");
    expect(german.sayPhrase("__proto__")).toBe("__proto__");
  });
});

/** What is said of documents by the kind of each issue: the words that `describeIssue` puts together. */
const OF_ISSUES = [
  [z.string(), 1],
  [z.number(), "1"],
  [z.boolean(), 1],
  [z.array(z.string()), 1],
  [z.object({}), 1],
  [z.string().min(2), "1"],
  [z.string().max(1), "12"],
  [z.string().length(2), "1"],
  [z.array(z.number()).min(2), [1]],
  [z.array(z.number()).max(1), [1, 2]],
  [z.array(z.number()).length(2), [1]],
  [z.number().min(2), 1],
  [z.number().max(2), 3],
  [z.number().gt(2), 2],
  [z.number().lt(2), 2],
  [z.number().multipleOf(2), 3],
  [z.int(), 1.5],
  [z.enum(["a", "b"]), "c"],
] satisfies [z.ZodType, unknown][];
const SAID_OF_ISSUES = OF_ISSUES.map(([schema, value]) => describeIssue(schema.safeParse(value).error?.issues[0]).problem);

test("what is wrong with a field is German, whatever it is", () => {
  expect(SAID_OF_ISSUES.filter((problem) => german.sayPhrase(problem) === problem)).toEqual([]);
});

test("every forbidden feature of a program is explained in German, with what helps", () => {
  const problems = FORBIDDEN_FEATURES.map((feature) => forbiddenFeatureProblem(feature, { offset: 42, detail: "memory.atomic.notify" }));
  const said = [...problems, NOT_WASM, COMPONENT, malformedProblem("it ends in the middle of something", 9), invalidProblem("function #3 failed")].flatMap(
    ({ message, fix }) => [message, fix],
  );
  expect(said.filter((phrase) => german.sayPhrase(phrase) === phrase)).toEqual([]);
  expect(german.sayPhrase(problems[0]?.message ?? "")).toContain("memory.atomic.notify bei Byte 42");
});

test("no phrase is translated that the instance does not say", () => {
  const sources = globSync("lib/{server,protocol,domain}/**/*.ts").filter((path) => !path.endsWith(".test.ts"));
  const said = [...sources.map((path) => readFileSync(path, "utf8")), ...SAID_OF_ISSUES].join("\n");
  // Where a forbidden feature was met is said behind each of them.
  const literal = (phrase: string) =>
    phrase
      .replace(" It has {detail} at byte {offset}.", "")
      .split(/(?:: )?\{\w+\}/)
      .toSorted((a, b) => b.length - a.length)[0] ?? "";
  const unsaid = Object.keys(phrases).filter((phrase) => !said.includes(literal(phrase)));
  expect(unsaid).toEqual([]);
});
