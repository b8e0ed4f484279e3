"use client";

import { useSyncExternalStore } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { WifiOff } from "#lib/ui/icons/light-icons.tsx";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}

/** Says that the browser has no connection, above a page that keeps what it has. */
export function OfflineBanner() {
  const { site } = useWords().text;
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="sticky top-0 z-30">
      {isOnline ? null : (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-sm text-warn">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {site.noConnection}
        </p>
      )}
    </div>
  );
}
