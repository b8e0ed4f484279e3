import { cn } from "../class-names.ts";

/** Grey lines in the place of what is being loaded; says so to those who do not see them. */
export function Skeleton({ label, lines = 3, className }: { label: string; lines?: number; className?: string }) {
  return (
    <div role="status" className={cn("space-y-3", className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={i} className={cn("h-5 motion-safe:animate-pulse rounded-control bg-sunken", i % 3 === 2 && "w-2/3")} />
      ))}
    </div>
  );
}
