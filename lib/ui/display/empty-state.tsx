import type { ReactNode } from "react";

/** What stands where a list would be: why it is empty, and the way to fill it. */
export function EmptyState({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-card border border-line border-dashed px-6 py-12 text-center">
      <h2 className="font-semibold">{title}</h2>
      {text ? <p className="max-w-prose text-quiet text-sm">{text}</p> : null}
      {children ? <div className="mt-4">{children}</div> : null}
    </div>
  );
}
