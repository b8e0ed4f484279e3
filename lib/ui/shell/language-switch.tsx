import type { Catalogue } from "#lib/text/catalogue.ts";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { cn } from "../class-names.ts";

/** The languages of the interface, each by its own name; that of this page is pressed. What it does is installed by `installSwitches`, on pages of whichever kind. */
export function LanguageSwitch({ text, language }: { text: Catalogue["site"]; language: Language }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of links
    <div role="group" aria-label={text.language} className="flex gap-1">
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          data-language={each}
          aria-pressed={each === language}
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
