"use client";

import { useWords } from "#lib/text/react/words-provider.tsx";

/** Leads from an error or reason to its explanation in the docs, in a tab of its own, so that nothing that was typed or computed here is lost. */
export function ExplainLink({ code }: { code: string }) {
  const { site } = useWords().text;
  return (
    <a
      href={`/docs/reference/errors#${code}`}
      target="_blank"
      rel="noreferrer"
      className="inline-block rounded-control text-ink underline underline-offset-4 hover:text-accent"
    >
      {site.explain} <span className="sr-only">{site.opensTab}</span>
    </a>
  );
}
