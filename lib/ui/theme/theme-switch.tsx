import type { Catalogue } from "#lib/text/catalogue.ts";
import { Monitor, Moon, Sun } from "#lib/ui/icons/light-icons.tsx";
import { Button } from "../controls/button.tsx";
import type { Theme } from "./theme.ts";

/** Which of them is shown is decided by CSS, so that none flashes before the script runs. */
const SIGNS: readonly { theme: Theme; Icon: typeof Sun; look: string }[] = [
  { theme: "system", Icon: Monitor, look: "[[data-theme]_&]:hidden" },
  { theme: "light", Icon: Sun, look: "hidden [[data-theme=light]_&]:block" },
  { theme: "dark", Icon: Moon, look: "hidden [[data-theme=dark]_&]:block" },
];

/** Goes through the themes: as the system, light, dark. What it does is installed by `installSwitches`, on pages of whichever kind. */
export function ThemeSwitch({ text: { theme: words } }: { text: Catalogue["site"] }) {
  return (
    <Button kind="quiet" size="icon" data-theme-switch title={words.label}>
      {SIGNS.map(({ theme, Icon, look }) => (
        <span key={theme} className={look}>
          <Icon aria-hidden />
          <span className="sr-only">{`${words.label}: ${words[theme]}`}</span>
        </span>
      ))}
    </Button>
  );
}
