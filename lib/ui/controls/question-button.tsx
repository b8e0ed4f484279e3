"use client";

import { type ReactNode, useId, useRef } from "react";
import { Button } from "./button.tsx";

/** A button that opens a question. */
export type QuestionButtonProps = {
  /** What the button that opens the question says. */
  label: ReactNode;
  title: string;
  disabled?: boolean | undefined;
  /** How it looks; danger unless what it does can be undone later. */
  kind?: "danger" | "secondary" | undefined;
  size?: "small" | "medium" | undefined;
  accessibleName?: string | undefined;
};

type QuestionProps = QuestionButtonProps & {
  /** What is asked and the answers, which close the dialog by what they are given. */
  children: (close: () => void) => ReactNode;
};

/** A button whose question stands in a dialog of its own. Escape keeps everything. */
export function QuestionButton({ label, title, disabled, kind = "danger", size = "medium", accessibleName, children }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  return (
    <>
      <Button kind={kind} size={size} disabled={disabled} aria-label={accessibleName} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={titleId}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-card border border-line bg-surface p-6 text-ink shadow-lifted"
      >
        <h2 id={titleId} className="font-semibold text-lg [overflow-wrap:anywhere]">
          {title}
        </h2>
        {children(() => dialog.current?.close())}
      </dialog>
    </>
  );
}
