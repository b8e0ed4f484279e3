import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
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

test("no phrase is translated that the instance does not say", () => {
  const sources = globSync("lib/{server,protocol,domain}/**/*.ts").filter((path) => !path.endsWith(".test.ts"));
  const said = sources.map((path) => readFileSync(path, "utf8")).join("\n");
  const literal = (phrase: string) => phrase.split(/\{\w+\}/).toSorted((a, b) => b.length - a.length)[0] ?? "";
  expect(Object.keys(phrases).filter((phrase) => !said.includes(literal(phrase)))).toEqual([]);
});
