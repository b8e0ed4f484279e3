"use client";

import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const { text, fill } = useWords();
  return (
    <main className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
      <PageHead title={text.broken.title} lead={text.broken.text} />
      {error.digest ? <p className="mb-6 font-mono text-quiet text-sm">{fill(text.broken.reference, { reference: error.digest })}</p> : null}
      <Button kind="primary" onClick={reset}>
        {text.site.retry}
      </Button>
    </main>
  );
}
