import { brokenTitle as german } from "./de/site.ts";
import { brokenTitle as english } from "./en/site.ts";

/** What to say where even the frame around a page failed, and every other word with it: in all languages, because nobody knows which. */
export const BROKEN_FRAME = [
  { language: "en", title: english },
  { language: "de", title: german },
] as const;
