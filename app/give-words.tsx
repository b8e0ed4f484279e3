import type { ReactNode } from "react";
// biome-ignore lint/style/noRestrictedImports: the one place where sections are picked for the browser
import { pickSections, type Section } from "#lib/text/catalogue.ts";
import { WordsProvider } from "#lib/text/react/words-provider.tsx";
import { readWords } from "./read-words.ts";

/** Gives the browser's components inside the sections of the catalogue that they show, and no others: every section travels with the page. */
export async function GiveWords({ sections, children }: { sections: readonly Section[]; children: ReactNode }) {
  const { language, text } = await readWords();
  return (
    <WordsProvider language={language} sections={pickSections(text, sections)}>
      {children}
    </WordsProvider>
  );
}
