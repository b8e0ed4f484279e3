import type { ReactNode } from "react";
import { QueryProvider } from "#lib/client/queries/query-provider.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";

export default function VolunteerLayout({ children }: { children: ReactNode }) {
  return (
    <QueryProvider>
      <Shell>{children}</Shell>
    </QueryProvider>
  );
}
