import { WifiOff } from "#lib/ui/icons/light-icons.tsx";

/** Says that the browser has no connection, above a page that keeps what it has. `OFFLINE_SCRIPT` shows and hides it, on pages of whichever kind. */
export function OfflineBanner({ text }: { text: string }) {
  return (
    <div role="status" className="sticky top-0 z-30">
      <p className="hidden items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-sm text-warn [[data-offline]_&]:flex">
        <WifiOff aria-hidden className="size-4 shrink-0" />
        {text}
      </p>
    </div>
  );
}
