"use client";

import { lazy, Suspense, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Flag } from "#lib/ui/icons/light-icons.tsx";
import { Button } from "./button.tsx";
import type { ReportProps } from "./report-dialog.tsx";

/** Most people report nothing. */
const ReportDialog = lazy(async () => ({ default: (await import("./report-dialog.tsx")).ReportDialog }));

/** Reports a job to the operators: asks what is wrong in a dialog, and says there that it arrived. Needs the words `report`, `errors` and `states`. */
export function ReportButton({ jobName, onReport }: ReportProps) {
  const {
    text: { report: words },
    fill,
  } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" size="small" aria-label={fill(words.labelOf, { name: jobName })} onClick={() => setIsOpen(true)}>
        <Flag aria-hidden />
        {words.label}
      </Button>
      {isOpen ? (
        <Suspense>
          <ReportDialog jobName={jobName} onReport={onReport} onClose={() => setIsOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
