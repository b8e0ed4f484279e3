import type { ReactNode } from "react";
import { CircleAlert, Info, TriangleAlert } from "#lib/ui/icons/light-icons.tsx";
import { cn } from "../class-names.ts";

const TONES = {
  info: { look: "bg-accent-soft text-accent", icon: Info },
  warn: { look: "bg-warn-soft text-warn", icon: TriangleAlert },
  bad: { look: "bg-bad-soft text-bad", icon: CircleAlert },
} as const;

type NoteProps = { tone?: keyof typeof TONES; title?: ReactNode; children?: ReactNode; action?: ReactNode; className?: string; isAlert?: boolean };

/** Something to know before going on, with what can be done about it. An alert is read out when it appears. */
export function Note({ tone = "info", title, children, action, className, isAlert = false }: NoteProps) {
  const { look, icon: Icon } = TONES[tone];
  return (
    <div role={isAlert ? "alert" : undefined} className={cn("flex flex-wrap items-start gap-3 rounded-card p-4 text-sm", look, className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-48">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="text-ink [overflow-wrap:anywhere]">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}
