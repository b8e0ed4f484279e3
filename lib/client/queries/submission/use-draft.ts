import { useCallback, useEffect, useRef, useState } from "react";
import type { AccountId } from "#lib/domain/ids.ts";
import { type Draft, hasEntries, toDraft } from "./draft.ts";
import { keepDraft, readDraft } from "./draft-store.ts";
import type { JobForm } from "./job-form.ts";

const KEEP_AFTER_MS = 400;

/**
 * `here`: this tab keeps the draft. `elsewhere`: another tab of this browser does, and this one keeps nothing. `reading`: not known yet.
 * `unavailable`: this browser keeps nothing for this site.
 */
export type DraftPlace = "reading" | "here" | "elsewhere" | "unavailable";
export type DraftState = {
  place: DraftPlace;
  /** When the draft was kept last; null before that. */
  keptAt: Date | null;
  /** Takes the draft over from the other tab, which is told, and fills it in here. */
  takeOver: () => void;
  /** Removes the draft; what is entered from now on is kept again. */
  forget: () => Promise<void>;
};

/** Keeps what is entered in this browser, in one tab at a time, and hands a draft that is found to `onFound`. */
export function useDraft(account: AccountId, form: JobForm, onFound: (draft: Draft) => void): DraftState {
  const [place, setPlace] = useState<DraftPlace>("reading");
  const [keptAt, setKeptAt] = useState<Date | null>(null);
  /** How often the draft was taken over; each time asks for it anew. */
  const [takings, setTakings] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const found = useRef(onFound);
  found.current = onFound;

  useEffect(() => {
    const leaving = new AbortController();
    const read = async () => {
      const draft = await readDraft(account);
      if (leaving.signal.aborted) return;
      if (draft) found.current(draft);
      setKeptAt(draft?.savedAt ?? null);
      setPlace("here");
    };
    holdDraft({ account, isTaking: takings > 0, leaving: leaving.signal, onHeld: read, onLost: () => setPlace("elsewhere") }).catch(() =>
      setPlace("unavailable"),
    );
    return () => leaving.abort();
  }, [account, takings]);

  useEffect(() => {
    if (place !== "here" || !hasEntries(form)) return;
    timer.current = setTimeout(() => {
      const draft = toDraft(form, new Date());
      keepDraft(account, draft).then(
        () => setKeptAt(draft.savedAt),
        () => setPlace("unavailable"),
      );
    }, KEEP_AFTER_MS);
    return () => clearTimeout(timer.current);
  }, [account, form, place]);

  const takeOver = useCallback(() => setTakings((count) => count + 1), []);
  const forget = useCallback(async () => {
    // What was about to be kept is forgotten too.
    clearTimeout(timer.current);
    setKeptAt(null);
    if (place === "here") await keepDraft(account, null);
  }, [account, place]);
  return { place, keptAt, takeOver, forget };
}

type Holding = { account: AccountId; isTaking: boolean; leaving: AbortSignal; onHeld: () => Promise<void>; onLost: () => void };

/** Holds the right to keep the account's draft until this page leaves or another takes it; a browser without Web Locks cannot tell tabs apart. */
async function holdDraft({ account, isTaking, leaving, onHeld, onLost }: Holding): Promise<void> {
  if (!("locks" in navigator)) return await onHeld();
  const left = new Promise<void>((resolve) => leaving.addEventListener("abort", () => resolve(), { once: true }));
  const options: LockOptions = isTaking ? { steal: true } : { ifAvailable: true };
  try {
    await navigator.locks.request(`shoal-draft ${account}`, options, async (lock) => {
      if (!lock) return onLost();
      await onHeld();
      await left;
    });
  } catch (error) {
    if (leaving.aborted) return;
    if (error instanceof DOMException && error.name === "AbortError") return onLost();
    throw error;
  }
}
