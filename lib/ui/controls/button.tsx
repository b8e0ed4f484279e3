import type { ComponentProps } from "react";
import { cn } from "../class-names.ts";

const KINDS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-soft",
} as const;
const SIZES = { small: "h-9 px-3 text-sm", medium: "h-10 px-4 text-sm", large: "h-12 px-6 text-base", icon: "size-10", iconLarge: "size-11" } as const;

type Look = { kind?: keyof typeof KINDS; size?: keyof typeof SIZES };

/** The looks of a button, for links that act as one. */
export function buttonLook({ kind = "secondary", size = "medium" }: Look = {}): string {
  return cn(
    "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-control font-medium motion-safe:transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 [&_svg]:size-4",
    KINDS[kind],
    SIZES[size],
  );
}

/** A button; it submits nothing unless its type says so. */
export function Button({ kind = "secondary", size = "medium", className, ...props }: ComponentProps<"button"> & Look) {
  return <button type="button" {...props} className={cn(buttonLook({ kind, size }), className)} />;
}
