"use client";
import { useEffect, useState } from "react";
import { deleteReceipts } from "#workers/volunteer/browser/delete-receipts.ts";
import { listReceipts } from "#workers/volunteer/browser/list-receipts.ts";
import type { Receipt } from "#workers/volunteer/storage/storage-contract.ts";
import { askReceipts, type ServerReceipts } from "./ask-receipts.ts";

/** Receipts change with every shard; a person reads slower. */
const READ_EVERY_MS = 2000;
/** Verdicts come when others report. */
const ASK_EVERY_MS = 10_000;

export type ShownReceipts = {
  /** Null before the first reading. */
  receipts: Receipt[] | null;
  /** What the instance holds of them; null before it first answered. */
  server: ServerReceipts | null;
  /** The instance was asked last and did not answer: what it said before stays. */
  isSilent: boolean;
  problem: unknown;
  /** Deletes all receipts of this browser. */
  clear(): Promise<void>;
};

/** The newest receipts of this browser profile, and the instance's beside them, read again and again while they are shown. */
export function useReceipts(countMax: number): ShownReceipts {
  const [receipts, setReceipts] = useState<Receipt[] | null>(null);
  const [{ server, isSilent }, setAsked] = useState<Pick<ShownReceipts, "server" | "isSilent">>({ server: null, isSilent: false });
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let askAtMs = 0;
    const ask = async (found: Receipt[]): Promise<void> => {
      try {
        const answer = await askReceipts(found, end.signal);
        if (!end.signal.aborted) setAsked({ server: answer, isSilent: false });
      } catch {
        // The list of this browser says enough meanwhile; the next asking is soon.
        if (!end.signal.aborted) setAsked((before) => ({ ...before, isSilent: true }));
      }
    };
    const read = async (): Promise<void> => {
      const found = document.visibilityState === "visible" ? await listReceipts(countMax) : null;
      if (end.signal.aborted) return;
      if (found) setReceipts(found);
      if (found && performance.now() >= askAtMs) {
        askAtMs = performance.now() + ASK_EVERY_MS;
        void ask(found);
      }
      timer = setTimeout(() => void read(), READ_EVERY_MS);
    };
    void read();
    return () => {
      end.abort();
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
  return { receipts, server, isSilent, problem, clear };
}
