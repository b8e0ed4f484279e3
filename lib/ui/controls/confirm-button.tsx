"use client";

import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { QuestionButton, type QuestionButtonProps } from "./question-button.tsx";

type ConfirmProps = QuestionButtonProps & {
  /** What is lost and what comes back. */
  children: ReactNode;
  confirm: string;
  keep: string;
  onConfirm: () => void;
};

/** A button for what cannot be undone: it asks first, in a dialog that names what is lost. Escape and the first button keep everything. */
export function ConfirmButton({ children, confirm, keep, onConfirm, kind = "danger", ...question }: ConfirmProps) {
  return (
    <QuestionButton kind={kind} {...question}>
      {(close) => (
        <>
          <div className="mt-2 space-y-2 text-quiet text-sm">{children}</div>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Button autoFocus onClick={close}>
              {keep}
            </Button>
            <Button
              kind={kind === "danger" ? "danger" : "primary"}
              onClick={() => {
                close();
                onConfirm();
              }}
            >
              {confirm}
            </Button>
          </div>
        </>
      )}
    </QuestionButton>
  );
}
