"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { followPageLinks } from "./follow-page-links.ts";
import { installKeys } from "./install-keys.ts";

/** The keys of the shell on a page of the app, and its links; it shows nothing itself. */
export function ShellKeys() {
  const words = useWords();
  const router = useRouter();
  useEffect(() => installKeys(words, (href) => router.push(href)), [words, router]);
  useEffect(() => followPageLinks((href) => router.push(href)), [router]);
  return null;
}
