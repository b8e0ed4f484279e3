"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { followPageLinks } from "./follow-page-links.ts";
import { goFromApp } from "./go-to-page.ts";
import { installKeys } from "./install-keys.ts";

/** The keys of the shell on a page of the app, and its links; it shows nothing itself. */
export function ShellKeys() {
  const words = useWords();
  const router = useRouter();
  useEffect(() => {
    const go = goFromApp((href) => router.push(href));
    const ends = [installKeys(words, go), followPageLinks(go)];
    return () => {
      for (const end of ends) end();
    };
  }, [words, router]);
  return null;
}
