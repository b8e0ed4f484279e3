"use client";

import { type ReactNode, Suspense, useState } from "react";
import { Card, CardHead } from "#lib/ui/display/card.tsx";

type FoldedCardProps = { title: string; lead: string /** What is pressed to see more. */; show: string; children: ReactNode };

/** A card whose content is fetched and drawn for those who open it. */
export function FoldedCard({ title, lead, show, children }: FoldedCardProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card className="mt-4">
      <CardHead title={title} />
      <p className="max-w-prose text-quiet text-sm">{lead}</p>
      <details className="mt-4" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="min-h-6 cursor-pointer font-medium text-sm">{show}</summary>
        <div className="mt-4">{isOpen ? <Suspense>{children}</Suspense> : null}</div>
      </details>
    </Card>
  );
}
