import type { ReactNode } from "react";
import { cn } from "../class-names.ts";

/** Names and values, one per line. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cn("divide-y divide-line text-sm", className)}>{children}</dl>;
}

/** One name with its value. */
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-2">
      <dt className="text-quiet">{name}</dt>
      <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** A number that matters, with its name under it. */
export function Figure({ value, name }: { value: ReactNode; name: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col-reverse">
      <dt className="text-quiet text-sm">{name}</dt>
      <dd className="font-semibold text-2xl tracking-tight">{value}</dd>
    </div>
  );
}
