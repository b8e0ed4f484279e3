import { LANGUAGE_NAMES, LANGUAGES } from "#lib/text/languages.ts";
import type { Words } from "#lib/text/words.ts";
import { PAGE_COMMANDS } from "#lib/ui/shell/page-commands.ts";
import { switchLanguage } from "#lib/ui/shell/switch-language.ts";
import { chooseTheme, THEMES } from "#lib/ui/theme/theme.ts";
import type { Command } from "./match-commands.ts";

/** Shows the page at an address of this site. */
export type Go = (href: string) => void;

/** Every command of the palette but the docs, in the words of the page. */
export function listCommands({ text, fill, language }: Words, go: Go): Command[] {
  const { palette, theme } = text.site;
  return [
    ...PAGE_COMMANDS.map(({ page, href }) => ({ id: href, label: palette.pages[page], kind: palette.go, run: () => go(href) })),
    ...THEMES.map((each) => ({
      id: `theme-${each}`,
      label: fill(palette.theme, { theme: theme[each] }),
      kind: palette.setting,
      run: () => chooseTheme(each),
    })),
    ...LANGUAGES.filter((each) => each !== language).map((each) => ({
      id: `language-${each}`,
      label: fill(palette.language, { language: LANGUAGE_NAMES[each] }),
      kind: palette.setting,
      run: () => switchLanguage(each),
    })),
  ];
}
