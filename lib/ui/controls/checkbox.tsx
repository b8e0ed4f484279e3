import type { ComponentProps, ReactNode } from "react";
import { cn } from "../class-names.ts";

/** A box to tick, with its sentence as the label; at least 24 px high to touch. */
export function Checkbox({ label, className, ...props }: Omit<ComponentProps<"input">, "type"> & { label: ReactNode }) {
  return (
    <label className={cn("flex min-h-6 cursor-pointer items-start gap-3 text-sm", className)}>
      <input {...props} type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>{label}</span>
    </label>
  );
}
