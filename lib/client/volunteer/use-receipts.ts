"use client";
import { useEffect, useState } from "react";
import { deleteReceipts } from "#workers/volunteer/browser/delete-receipts.ts";
import { listReceipts } from "#workers/volunteer/browser/list-receipts.ts";
import type { Receipt } from "#workers/volunteer/storage/storage-contract.ts";

/** Receipts change with every shard; a person reads slower. */
const READ_EVERY_MS = 2000;

/** The newest receipts of this browser profile, read again and again while they are shown; null before the first reading. `clear` deletes all of them. */
export function useReceipts(countMax: number): { receipts: Receipt[] | null; problem: unknown; clear(): Promise<void> } {
  const [receipts, setReceipts] = useState<Receipt[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const found = document.visibilityState === "visible" ? await listReceipts(countMax) : null;
      if (!isShown) return;
      if (found) setReceipts(found);
      timer = setTimeout(() => void read(), READ_EVERY_MS);
    };
    void read();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [countMax]);
  const clear = async (): Promise<void> => {
    try {
      await deleteReceipts();
      setReceipts([]);
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  };
  return { receipts, problem, clear };
}
