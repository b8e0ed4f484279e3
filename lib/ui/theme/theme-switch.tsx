"use client";

import { useSyncExternalStore } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Monitor, Moon, Sun } from "#lib/ui/icons/light-icons.tsx";
import { Button } from "../controls/button.tsx";
import { chooseTheme, nextTheme, readTheme, subscribeTheme } from "./theme.ts";

/** Goes through the themes: as the system, light, dark. Which sign is seen is decided by CSS, so that none flashes before the script runs. */
export function ThemeSwitch() {
  const { site } = useWords().text;
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => "system" as const);
  const label = `${site.theme.label}: ${site.theme[theme]}`;
  return (
    <Button kind="quiet" size="icon" data-theme-switch aria-label={label} title={label} onClick={() => chooseTheme(nextTheme(theme))}>
      <Monitor aria-hidden className="[[data-theme]_&]:hidden" />
      <Sun aria-hidden className="hidden [[data-theme=light]_&]:block" />
      <Moon aria-hidden className="hidden [[data-theme=dark]_&]:block" />
    </Button>
  );
}
