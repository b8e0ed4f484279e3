import type { ComponentProps, ReactNode } from "react";
import { cn } from "../class-names.ts";

/** A surface that holds one subject. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section {...props} className={cn("min-w-0 rounded-card border border-line bg-surface p-5 sm:p-6", className)} />;
}

/** A card's heading, with what can be done beside it. */
export function CardHead({ title, children, id }: { title: ReactNode; children?: ReactNode; id?: string }) {
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <h2 id={id} className="font-semibold text-base">
        {title}
      </h2>
      {children}
    </div>
  );
}
