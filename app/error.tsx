"use client";

import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { PageHead, Shell } from "#lib/ui/shell/shell.tsx";

const { broken } = en.site;

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Shell>
      <PageHead title={broken.title} lead={broken.text} />
      {error.digest ? <p className="mb-6 font-mono text-quiet text-sm">{fill(broken.reference, { reference: error.digest })}</p> : null}
      <Button kind="primary" onClick={reset}>
        {en.site.retry}
      </Button>
    </Shell>
  );
}
