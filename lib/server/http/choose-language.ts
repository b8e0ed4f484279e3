import Negotiator from "negotiator";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";

/** The language of a page: what the person chose, or the first of the browser's list that exists, or the fallback. */
export function chooseLanguage({ chosen, acceptLanguage }: { chosen: string | undefined; acceptLanguage: string | null }): Language {
  if (isLanguage(chosen)) return chosen;
  const wished = new Negotiator({ headers: { "accept-language": acceptLanguage ?? "" } }).languages([...LANGUAGES])[0];
  return isLanguage(wished) ? wished : LANGUAGES[0];
}
