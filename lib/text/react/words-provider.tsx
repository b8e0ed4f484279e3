"use client";

import { createContext, type ReactNode, use, useMemo } from "react";
import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../languages.ts";
import { createWords, type Words } from "../words.ts";

type Given = { language: Language; sections: Partial<Catalogue> };
const WordsContext = createContext<(Given & { words: Words }) | null>(null);

/** Gives the components inside sections of the catalogue, beside those that were given further out. */
export function WordsProvider({ language, sections, children }: Given & { children: ReactNode }) {
  const outer = use(WordsContext);
  const value = useMemo(() => {
    const all = { ...outer?.sections, ...sections };
    return { language, sections: all, words: createWords(language, all) };
  }, [outer, language, sections]);
  return <WordsContext value={value}>{children}</WordsContext>;
}

/** The words of the page's reader. Throws outside a provider, and for sections that the page was not given. */
export function useWords(): Words {
  const given = use(WordsContext);
  if (!given) throw new Error("useWords needs a WordsProvider around it");
  return given.words;
}
