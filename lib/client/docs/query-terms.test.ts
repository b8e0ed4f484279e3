import { expect, test } from "vitest";
import { queryTerms } from "./query-terms.ts";

test.each([
  ["Is it safe?", ["safe"]],
  ["What does it cost me", ["cost"]],
  ["slicing", ["slic"]],
  ["verified, verify: verifies", ["verif", "verif", "verif"]],
  ["grant_unknown", ["grant", "unknown"]],
  ["status class", ["status", "class"]],
  ["go run ES", ["go", "run", "es"]],
  ["self-host", ["self", "host"]],
])("%s looks for %j", (query, terms) => expect(queryTerms(query)).toEqual(terms));

test("fillers alone are looked for as they are, and nothing is nothing", () => {
  expect(queryTerms("what is it")).toEqual(["what", "is", "it"]);
  expect(queryTerms(" ?! ")).toEqual([]);
});
