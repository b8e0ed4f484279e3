"use client";

import { lazy, Suspense } from "react";
import { useEscapeAttempts } from "#lib/client/volunteer/sandbox/use-escape-attempts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Hammer } from "#lib/ui/icons/light-icons.tsx";

/** Most visitors never try. */
const AttemptVerdict = lazy(async () => ({ default: (await import("./attempt-results.tsx")).AttemptVerdict }));
const AttemptRows = lazy(async () => ({ default: (await import("./attempt-results.tsx")).AttemptRows }));

/** A hostile script against this browser's own sandbox: a button, and what became of every attempt. */
export function EscapeAttempts() {
  const {
    text: {
      volunteer: { escape: text },
    },
  } = useWords();
  const { run, isRunning, problem, start } = useEscapeAttempts();
  return (
    <>
      <Button className="mt-4" aria-disabled={isRunning} onClick={start}>
        <Hammer aria-hidden />
        {isRunning ? text.running : run ? text.again : text.start}
      </Button>
      <div aria-live="polite" className="mt-4 space-y-4">
        {problem === null ? null : <ErrorNote error={problem} />}
        <Suspense>{run && !isRunning ? <AttemptVerdict run={run} /> : null}</Suspense>
      </div>
      <Suspense>{run ? <AttemptRows run={run} isRunning={isRunning} /> : null}</Suspense>
    </>
  );
}
