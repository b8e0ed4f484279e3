"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { followPageLinks } from "./follow-page-links.ts";
import { goFromApp } from "./go-to-page.ts";
import { installKeys } from "./install-keys.ts";
import { installSwitches } from "./install-switches.ts";

/** The keys, switches and links of the shell on a page of the app; it shows nothing itself. */
export function ShellKeys() {
  const words = useWords();
  const router = useRouter();
  useEffect(() => {
    const go = goFromApp((href) => router.push(href));
    const ends = [installKeys(words, go), installSwitches(), followPageLinks(go)];
    return () => {
      for (const end of ends) end();
    };
  }, [words, router]);
  return null;
}
