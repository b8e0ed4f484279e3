"use client";

import type { NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { usePoll } from "./use-poll.ts";

const STATUS_MS = 30_000;

/** How many devices compute now, beside the doors; nothing before the first answer. */
export function NetworkStatus() {
  const { text, fill, format } = useWords();
  const { status } = text.site;
  const { data, isSilent } = usePoll<NetworkView>("/api/v1/network", STATUS_MS);
  if (!data && !isSilent) return null;
  const computing = data?.devices.computing ?? 0;
  const words = isSilent ? status.silent : fill(status.computing, { count: computing });
  return (
    <span role="img" aria-label={words} title={words} className="flex items-center gap-1.5 pr-2 text-quiet text-xs tabular-nums max-md:hidden">
      <span className={cn("size-2 rounded-full border", isSilent ? "border-bad bg-bad" : computing > 0 ? "border-accent bg-accent" : "border-edge")} />
      {isSilent ? "–" : format.number(computing)}
    </span>
  );
}
