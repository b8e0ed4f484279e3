import { LANGUAGE_COOKIE, type Language } from "#lib/text/languages.ts";

const YEAR_S = 365 * 24 * 60 * 60;

/** Remembers the language for a year and shows this page in it. */
export function switchLanguage(language: Language): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the proxy reads it before any script runs, and not every browser has the cookie store
  document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
  location.reload();
}
