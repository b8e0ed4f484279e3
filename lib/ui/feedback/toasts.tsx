"use client";

import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "../controls/button.tsx";
import { type Toast, toasts } from "./toast-store.ts";

const NONE: readonly Toast[] = [];

/** The place of this page's toasts: read out as they come, reachable by Tab, and none leaves while it is pointed at or has the focus. */
export function Toasts() {
  const { site } = useWords().text;
  const shown = useSyncExternalStore(toasts.subscribe, toasts.read, () => NONE);
  return (
    <section
      aria-label={site.messages}
      aria-live="polite"
      onPointerEnter={() => toasts.hold()}
      onPointerLeave={() => toasts.release()}
      onFocus={() => toasts.hold()}
      onBlur={() => toasts.release()}
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex flex-col items-center gap-2"
    >
      {shown.map(({ id, text, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-card border border-line bg-surface py-2 pr-2 pl-4 text-sm shadow-lifted"
        >
          <p className="min-w-0 flex-1">{text}</p>
          {action ? (
            <Button
              size="small"
              onClick={() => {
                toasts.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          ) : null}
          <Button kind="quiet" size="small" className="size-9 px-0" aria-label={site.dismiss} onClick={() => toasts.dismiss(id)}>
            <X aria-hidden />
          </Button>
        </div>
      ))}
    </section>
  );
}
