import type { ReactNode } from "react";

/** One component of the gallery under its name. */
export function Shown({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 space-y-3 border-line border-t pt-4">
      <h3 className="font-mono text-quiet text-sm">{name}</h3>
      <div className="flex min-w-0 flex-wrap items-start gap-4 [&>*]:min-w-0">{children}</div>
    </div>
  );
}
