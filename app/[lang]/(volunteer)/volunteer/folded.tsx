"use client";

import { type ReactNode, Suspense, useState } from "react";

type FoldedProps = { /** What is pressed to see more. */ show: string; className?: string; children: ReactNode };

/** A disclosure whose content is fetched and drawn for those who open it. */
export function Folded({ show, className, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={className} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="min-h-6 cursor-pointer font-medium text-sm">{show}</summary>
      <div className="mt-4 min-h-24">{isOpen ? <Suspense>{children}</Suspense> : null}</div>
    </details>
  );
}
