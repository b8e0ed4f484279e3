"use client";

import { lastWords } from "#lib/text/last-words.ts";
import "./globals.css";

/** What stands where even the frame around a page failed. Every page carries it: it is written in plain elements, with no words but its own. */
export default function BrokenFrame({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const { language, words } = lastWords(globalThis.document?.documentElement.lang || globalThis.navigator?.language || "");
  return (
    <html lang={language}>
      <body className="p-8 antialiased">
        <h1 className="font-semibold text-2xl">{words.title}</h1>
        <p className="mt-2 mb-8 max-w-prose">{words.text}</p>
        {error.digest ? <p className="mb-6 font-mono text-sm">{words.reference.replace("{reference}", error.digest)}</p> : null}
        <button type="button" className="h-10 rounded-control bg-accent px-4 font-medium text-on-accent text-sm hover:bg-accent-strong" onClick={reset}>
          {words.retry}
        </button>
      </body>
    </html>
  );
}
