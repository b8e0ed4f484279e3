import { expect, test } from "vitest";
import { LANGUAGES } from "#lib/text/languages.ts";
import { chooseLanguage } from "./choose-language.ts";

test.each(LANGUAGES)("%s is shown to whoever chose it, and to browsers that list it first", (language) => {
  expect(chooseLanguage({ chosen: language, acceptLanguage: "xx" })).toBe(language);
  expect(chooseLanguage({ chosen: undefined, acceptLanguage: `${language}-ZZ,xx;q=0.5` })).toBe(language);
});

test("an unknown choice, no list, a broken list and languages that do not exist fall back", () => {
  for (const acceptLanguage of [null, "", "xx", ";;;,q=", "*", "x".repeat(10_000)])
    expect(chooseLanguage({ chosen: "../en", acceptLanguage })).toBe(LANGUAGES[0]);
});
