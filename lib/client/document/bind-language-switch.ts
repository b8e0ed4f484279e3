import { isLanguage } from "#lib/text/languages.ts";
import { switchLanguage } from "#lib/ui/shell/switch-language.ts";

/** Makes the language switch of the page work. */
export function bindLanguageSwitch(): void {
  for (const button of document.querySelectorAll<HTMLElement>("button[data-language]")) {
    const { language } = button.dataset;
    if (isLanguage(language)) button.addEventListener("click", () => switchLanguage(language));
  }
}
