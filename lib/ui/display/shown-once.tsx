import type { ReactNode } from "react";
import { cn } from "../class-names.ts";
import { Button } from "../controls/button.tsx";
import { CopyButton } from "../controls/copy-button.tsx";
import { Note } from "./note.tsx";

type ShownOnceProps = {
  title: string;
  /** What whoever has the secret can do, and for how long. */
  children: ReactNode;
  secret: string;
  words: { copy: string; copied: string; done: string };
  onDone: () => void;
  className?: string;
};

/** A secret that cannot be shown again, until whoever it is for says that they have it. */
export function ShownOnce({ title, children, secret, words, onDone, className }: ShownOnceProps) {
  return (
    <div className={cn("space-y-4", className)} aria-live="polite">
      <Note tone="warn" title={title}>
        {children}
      </Note>
      <p data-testid="secret" className="rounded-control bg-sunken p-3 font-mono text-sm [overflow-wrap:anywhere]">
        {secret}
      </p>
      <div className="flex flex-wrap gap-3">
        <CopyButton text={secret} label={words.copy} copied={words.copied} />
        <Button size="small" kind="primary" onClick={onDone}>
          {words.done}
        </Button>
      </div>
    </div>
  );
}
