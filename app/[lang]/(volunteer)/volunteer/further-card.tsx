import type { ReactNode } from "react";
import { Card, CardHead } from "#lib/ui/display/card.tsx";

/** A card below the panel: what it is about, and what to press to see it. */
export function FurtherCard({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <Card className="mt-4">
      <CardHead title={title} />
      <p className="max-w-prose text-quiet text-sm">{lead}</p>
      {children}
    </Card>
  );
}
