import type { Catalogue } from "./catalogue.ts";
import { broken as german } from "./de/site.ts";
import { broken as english } from "./en/site.ts";
import { isLanguage, type Language } from "./languages.ts";

const LAST_WORDS: Readonly<Record<Language, Catalogue["broken"]>> = { en: english, de: german };

/** What to say where even the frame around a page failed, and its words with it; `tag` is the language of the page, or the one its browser asks for. */
export function lastWords(tag: string): { language: Language; words: Catalogue["broken"] } {
  const [named] = tag.split("-");
  const language = isLanguage(named) ? named : "en";
  return { language, words: LAST_WORDS[language] };
}
