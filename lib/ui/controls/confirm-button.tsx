"use client";

import { type ReactNode, useId, useRef } from "react";
import { Button } from "./button.tsx";

type ConfirmProps = {
  /** What the button that opens the question says. */
  label: ReactNode;
  title: string;
  /** What is lost and what comes back. */
  children: ReactNode;
  confirm: string;
  keep: string;
  disabled?: boolean;
  /** How it looks; danger unless what it does can be undone later. */
  kind?: "danger" | "secondary";
  size?: "small" | "medium";
  accessibleName?: string;
  onConfirm: () => void;
};

/** A button for what cannot be undone: it asks first, in a dialog that names what is lost. Escape and the first button keep everything. */
export function ConfirmButton({ label, title, children, confirm, keep, disabled, kind = "danger", size = "medium", accessibleName, onConfirm }: ConfirmProps) {
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
        <h2 id={titleId} className="font-semibold text-lg">
          {title}
        </h2>
        <div className="mt-2 space-y-2 text-quiet text-sm">{children}</div>
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <Button autoFocus onClick={() => dialog.current?.close()}>
            {keep}
          </Button>
          <Button
            kind={kind === "danger" ? "danger" : "primary"}
            onClick={() => {
              dialog.current?.close();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </div>
      </dialog>
    </>
  );
}
