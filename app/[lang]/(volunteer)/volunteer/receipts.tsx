"use client";

import { lazy, Suspense, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";

const COUNT_MAX = 20;

/** The browser's database is only opened for who wants to see. */
const ReceiptList = lazy(async () => ({ default: (await import("./receipt-list.tsx")).ReceiptList }));

/** What this browser computed last, folded until it is asked for. */
export function Receipts() {
  const {
    text: {
      volunteer: { receipts: text },
    },
    fill,
  } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card className="mt-4">
      <CardHead title={text.title} />
      <p className="max-w-prose text-quiet text-sm">{fill(text.lead, { max: COUNT_MAX })}</p>
      <details className="mt-4" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="min-h-6 cursor-pointer font-medium text-sm">{text.show}</summary>
        <div className="mt-4">
          {isOpen ? (
            <Suspense>
              <ReceiptList countMax={COUNT_MAX} />
            </Suspense>
          ) : null}
        </div>
      </details>
    </Card>
  );
}
