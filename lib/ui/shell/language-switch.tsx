"use client";

import { LANGUAGE_NAMES, LANGUAGES } from "#lib/text/languages.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "../class-names.ts";
import { switchLanguage } from "./switch-language.ts";

/** The languages of the interface, each by its own name; the one of this page is pressed. */
export function LanguageSwitch() {
  const { language, text } = useWords();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of links
    <div role="group" aria-label={text.site.language} className="flex gap-1">
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          data-language={each}
          aria-pressed={each === language}
          onClick={() => switchLanguage(each)}
          className={cn(
            "rounded-control px-2 py-1 hover:bg-sunken hover:text-ink",
            each === language ? "font-medium text-ink" : "underline underline-offset-4",
          )}
        >
          {LANGUAGE_NAMES[each]}
        </button>
      ))}
    </div>
  );
}
