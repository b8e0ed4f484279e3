"use client";

import type { ReactNode } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ExplainLink } from "./explain-link.tsx";
import { Note } from "./note.tsx";

type ErrorNoteProps = { error: unknown; action?: ReactNode; className?: string; isAlert?: boolean };

/** What went wrong in the reader's words, and the way to its explanation where the instance gave a code. */
export function ErrorNote({ error, ...props }: ErrorNoteProps) {
  const { sayError, codeOf } = useWords();
  const code = codeOf(error);
  return (
    <Note tone="bad" {...props}>
      {sayError(error)} {code ? <ExplainLink code={code} /> : null}
    </Note>
  );
}
