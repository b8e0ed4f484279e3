import { describe, expect, test } from "vitest";
import { CATALOGUES, pickSections } from "./catalogue.ts";
import { createWords } from "./words.ts";

const german = createWords("de", CATALOGUES.de);
const english = createWords("en", CATALOGUES.en);

test("numbers, sizes and amounts in a sentence are written as its language does", () => {
  const sentence = "{all, number} / {size, bytes} / {price, money}";
  const params = { all: 12_345, size: 1_572_864, price: "1234500000" };
  expect(english.fill(sentence, params)).toBe("12,345 / 1.5 MiB / 1,234.5");
  expect(german.fill(sentence, params)).toBe("12.345 / 1,5 MiB / 1.234,5");
});

test("a parameter that is missing stays visible, and one from the prototype is none", () => {
  expect(english.fill("{name} and {toString}", {})).toBe("{name} and {toString}");
});

test("an error is told in the reader's language, with its parameters in words", () => {
  expect(german.sayCode("job_ended", { state: "cancelled" })).toContain("abgebrochen");
  expect(german.sayCode("shard_failed_alike", { outcome: "timeout" })).toContain("brauchte zu lange");
  expect(german.sayCode("code_from_the_future")).toBeNull();
});

describe("what was thrown", () => {
  test("an error of the instance that this page does not know is told in the instance's own words", () => {
    const error = Object.assign(new Error("Something new."), { name: "ApiError", code: "code_from_the_future", params: {} });
    expect(german.sayError(error)).toBe("Something new.");
  });

  test("an instance that does not answer is told with what helps", () => {
    expect(german.sayError(Object.assign(new Error("fetch failed"), { name: "OfflineError" }))).toBe(CATALOGUES.de.site.unreachable);
  });
});

test("reading a section that a page was not given fails at once", () => {
  const words = createWords("de", pickSections(CATALOGUES.de, ["site"]));
  expect(words.text.site.retry).toBe("Noch einmal versuchen");
  expect(() => words.text.jobs).toThrow('section "jobs"');
});
