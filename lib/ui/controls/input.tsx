import type { ComponentProps } from "react";
import { cn } from "../class-names.ts";

const LOOK =
  "w-full min-w-0 rounded-control border border-edge bg-surface px-3 text-ink text-base sm:text-sm placeholder:text-quiet disabled:opacity-60 aria-invalid:border-bad";

/** A line of text. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...props} className={cn(LOOK, "h-10", className)} />;
}

/** Several lines of text. */
export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea {...props} className={cn(LOOK, "min-h-20 py-2", className)} />;
}

/** One of a few values, by the platform's own list. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select {...props} className={cn(LOOK, "h-10", className)} />;
}

/** A line of text with its unit at the end. */
export function UnitInput({ unit, className, ...props }: ComponentProps<"input"> & { unit: string }) {
  return (
    <div className="relative">
      <Input inputMode="decimal" {...props} className={cn("pr-16", className)} />
      <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-quiet text-sm">{unit}</span>
    </div>
  );
}
