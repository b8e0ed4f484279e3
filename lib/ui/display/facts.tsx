import type { ComponentProps, ReactNode } from "react";
import { cn } from "../class-names.ts";

/** Names and values, one per line. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cn("divide-y divide-line text-sm", className)}>{children}</dl>;
}

/** One name with its value, which has two fifths of the line however long the name is. */
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,auto)_minmax(40%,1fr)] items-baseline gap-x-6 py-2">
      <dt className="text-quiet">{name}</dt>
      <dd className="text-right [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** A number that matters, with its name under it. */
export function Figure({ value, name, ...props }: Omit<ComponentProps<"div">, "className"> & { value: ReactNode; name: ReactNode }) {
  return (
    <div {...props} className="flex min-w-0 flex-col-reverse justify-end">
      <dt className="text-quiet text-sm">{name}</dt>
      <dd className="font-semibold text-2xl tracking-tight">{value}</dd>
    </div>
  );
}
