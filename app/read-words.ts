import "server-only";
import { lang } from "next/root-params";
import { cache } from "react";
// biome-ignore lint/style/noRestrictedImports: the one place on the server where a page's language becomes its words
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { isLanguage, LANGUAGES } from "#lib/text/languages.ts";
import { createWords, type Words } from "#lib/text/words.ts";

/** The words of the page that is being rendered: its language is the first part of the address inside the app, which the proxy puts there. */
export const readWords = cache(async (): Promise<Words> => {
  const asked = await lang();
  const language = isLanguage(asked) ? asked : LANGUAGES[0];
  return createWords(language, CATALOGUES[language]);
});
