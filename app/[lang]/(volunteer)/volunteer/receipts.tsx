"use client";

import { lazy } from "react";
import { Folded } from "./folded.tsx";

/** The browser's database is only opened for who wants to see. */
const ReceiptList = lazy(async () => ({ default: (await import("./receipt-list.tsx")).ReceiptList }));

/** The last so many things that this browser computed, folded until they are asked for. */
export function Receipts({ show, countMax }: { show: string; countMax: number }) {
  return (
    <Folded show={show} className="mt-4">
      <ReceiptList countMax={countMax} />
    </Folded>
  );
}
