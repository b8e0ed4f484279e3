/** Languages of the interface; the first is where everything else falls back to. Guides of the docs are English in all of them. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** The cookie that keeps a person's choice; without it the browser's own list decides. */
export const LANGUAGE_COOKIE = "lang";

export function isLanguage(word: string | undefined): word is Language {
  return LANGUAGES.some((language) => language === word);
}

/** How the proxy tells the router the language of a page. */
export const LANGUAGE_HEADER = "x-shoal-language";
