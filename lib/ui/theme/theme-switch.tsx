"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "../controls/button.tsx";
import { chooseTheme, readTheme, subscribeTheme, THEMES } from "./theme.ts";

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Goes through the themes: as the system, light, dark. */
export function ThemeSwitch() {
  const { site } = useWords().text;
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => "system" as const);
  const Icon = ICONS[theme];
  const label = `${site.theme.label}: ${site.theme[theme]}`;
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <Button kind="quiet" className="size-10 px-0" aria-label={label} title={label} onClick={() => chooseTheme(next)}>
      <Icon aria-hidden />
    </Button>
  );
}
