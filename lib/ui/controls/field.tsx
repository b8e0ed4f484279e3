import type { ReactNode } from "react";
import { cn } from "../class-names.ts";

/** Ids of a field's parts, so that a control can name its hint and its problem. */
export function fieldIds(id: string) {
  return { id, labelId: `${id}-label`, hintId: `${id}-hint`, problemId: `${id}-problem` };
}

/** What a control inside a field must carry: its id, whether it is wrong, and what describes it. */
export function controlProps(id: string, parts: { hint?: unknown; problem?: unknown }) {
  const ids = fieldIds(id);
  const describedBy = [parts.problem ? ids.problemId : null, parts.hint ? ids.hintId : null].filter(Boolean).join(" ");
  return { id, "aria-invalid": parts.problem ? true : undefined, "aria-describedby": describedBy || undefined } as const;
}

/** The same for a button that stands for a field's control: it is named by label and button together, and no ARIA calls a button invalid. */
export function buttonProps(id: string, parts: { hint?: unknown; problem?: unknown }) {
  const { "aria-invalid": isInvalid, ...props } = controlProps(id, parts);
  return { ...props, "aria-labelledby": `${fieldIds(id).labelId} ${id}`, "data-invalid": isInvalid } as const;
}

type FieldProps = { id: string; label: ReactNode; hint?: ReactNode; problem?: string | null | undefined; className?: string; children: ReactNode };

/** A labelled control with its hint, and its problem in words where there is one. */
export function Field({ id, label, hint, problem, className, children }: FieldProps) {
  const { labelId, hintId, problemId } = fieldIds(id);
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <label id={labelId} htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children}
      {problem ? (
        <p id={problemId} className="text-bad text-sm" role="alert">
          {problem}
        </p>
      ) : null}
      {hint ? (
        <p id={hintId} className="text-quiet text-sm">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
