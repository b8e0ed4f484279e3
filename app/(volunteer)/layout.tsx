import type { ReactNode } from "react";
import { Shell } from "#lib/ui/shell/shell.tsx";

export default function VolunteerLayout({ children }: { children: ReactNode }) {
  return <Shell>{children}</Shell>;
}
