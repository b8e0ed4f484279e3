"use client";

import { useWords } from "#lib/text/react/words-provider.tsx";

/** What stands where a page failed. Every page carries it in a file of its own: it is written in plain elements, so that this file stays small. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const { text, fill } = useWords();
  return (
    <main className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
      <h1 className="font-semibold text-2xl tracking-tight sm:text-3xl">{text.broken.title}</h1>
      <p className="mt-2 mb-8 max-w-prose text-quiet">{text.broken.text}</p>
      {error.digest ? <p className="mb-6 font-mono text-quiet text-sm">{fill(text.broken.reference, { reference: error.digest })}</p> : null}
      <button type="button" className="h-10 rounded-control bg-accent px-4 font-medium text-on-accent text-sm hover:bg-accent-strong" onClick={reset}>
        {text.broken.retry}
      </button>
    </main>
  );
}
