import type { Words } from "#lib/text/words.ts";
import { chooseTheme, nextTheme, readTheme, subscribeTheme } from "#lib/ui/theme/theme.ts";

/** Makes the theme switch of the page work, which says by itself what it is set to. */
export function bindThemeSwitch({ text }: Words): void {
  const button = document.querySelector<HTMLElement>("[data-theme-switch]");
  if (!button) return;
  const { theme } = text.site;
  const say = (): void => {
    const label = `${theme.label}: ${theme[readTheme()]}`;
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  button.addEventListener("click", () => chooseTheme(nextTheme(readTheme())));
  subscribeTheme(say);
  say();
}
