import { isLanguage } from "#lib/text/languages.ts";
import { switchLanguage } from "#lib/ui/shell/switch-language.ts";
import { chooseTheme, nextTheme, readTheme } from "#lib/ui/theme/theme.ts";

/** Makes the switches of theme and language work, on a page of whichever kind; returns how to stop that. */
export function installSwitches(): () => void {
  const end = new AbortController();
  const onClick = ({ target }: MouseEvent): void => {
    if (!(target instanceof Element)) return;
    if (target.closest("[data-theme-switch]")) chooseTheme(nextTheme(readTheme()));
    const language = target.closest("[data-language]")?.getAttribute("data-language") ?? undefined;
    if (isLanguage(language)) switchLanguage(language);
  };
  document.addEventListener("click", onClick, { signal: end.signal });
  return () => end.abort();
}
