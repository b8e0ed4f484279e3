"use client";

import { lazy } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { FoldedCard } from "./folded-card.tsx";

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
  return (
    <FoldedCard title={text.title} lead={fill(text.lead, { max: COUNT_MAX })} show={text.show}>
      <ReceiptList countMax={COUNT_MAX} />
    </FoldedCard>
  );
}
