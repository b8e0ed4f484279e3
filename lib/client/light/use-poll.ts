"use client";

import { useEffect, useState } from "react";
import { poll } from "./poll.ts";

/** What an address of the instance answered last, and whether it answers now; an older answer stays while it does not. */
export type Polled<T> = { data: T | null; isSilent: boolean };

/**
 * Reads an address of the instance every `everyMs` while the page is seen. `read` is how, if not as JSON, and the same function each time. See `poll` for when
 * to use it instead of a query.
 */
export function usePoll<T>(path: string, everyMs: number, read?: (response: Response) => Promise<T>): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ data: null, isSilent: false });
  useEffect(
    () =>
      poll<T>(path, everyMs, {
        onAnswer: (data) => setPolled({ data, isSilent: false }),
        ...(read ? { read } : {}),
        onSilence: () => setPolled((before) => ({ ...before, isSilent: true })),
      }),
    [path, everyMs, read],
  );
  return polled;
}
