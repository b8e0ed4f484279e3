import { type FormEvent, useId, useRef, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { TextArea } from "#lib/ui/controls/input.tsx";

const CHARS_MIN = 3;
const CHARS_MAX = 400;

type ReasonProps = {
  label: string;
  accessibleName?: string;
  title: string;
  /** What follows from it, and whether it can be undone. */
  lead: string;
  hint?: string;
  disabled?: boolean;
  kind?: "danger" | "secondary";
  size?: "small" | "medium";
  /** Called with one line of text. */
  onReason: (reason: string) => void;
};

/** A button for what an operator has to say why: it asks first, in a dialog that says what follows. Escape and the first button keep everything. */
export function ReasonButton({ label, accessibleName, title, lead, hint, disabled, kind = "danger", size = "small", onReason }: ReasonProps) {
  const { admin: words } = useWords().text;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [written, setWritten] = useState("");
  // The instance keeps one line.
  const reason = written.replace(/\s+/g, " ").trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    dialog.current?.close();
    setWritten("");
    onReason(reason);
  };
  return (
    <>
      <Button kind={kind} size={size} disabled={disabled} aria-label={accessibleName} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={`${id}-title`}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-card border border-line bg-surface p-6 text-ink shadow-lifted"
      >
        <h2 id={`${id}-title`} className="font-semibold text-lg [overflow-wrap:anywhere]">
          {title}
        </h2>
        <form onSubmit={send}>
          <p className="mt-2 mb-4 text-quiet text-sm">{lead}</p>
          <Field id={id} label={words.reason} hint={hint}>
            <TextArea
              {...controlProps(id, { hint })}
              required
              minLength={CHARS_MIN}
              maxLength={CHARS_MAX}
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
          </Field>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Button onClick={() => dialog.current?.close()}>{words.keep}</Button>
            <Button type="submit" kind={kind === "danger" ? "danger" : "primary"} disabled={reason.length < CHARS_MIN}>
              {label}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  );
}
