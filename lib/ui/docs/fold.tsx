import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#lib/ui/class-names.ts";

/** What a narrow page shows only when it is asked for; opens without a script. */
export function Fold({ title, className, children }: { title: string; className?: string; children: ReactNode }) {
  return (
    <details className={cn("group rounded-control border border-line bg-surface", className)}>
      <summary className="flex h-10 list-none items-center justify-between rounded-control px-3 text-sm [&::-webkit-details-marker]:hidden">
        {title}
        <ChevronDown aria-hidden className="size-4 text-quiet group-open:rotate-180" />
      </summary>
      <div className="border-line border-t p-2">{children}</div>
    </details>
  );
}
