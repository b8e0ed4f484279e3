import { type FormEvent, useId, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { TextArea } from "#lib/ui/controls/input.tsx";
import { QuestionButton, type QuestionButtonProps } from "#lib/ui/controls/question-button.tsx";

const CHARS_MIN = 3;
const CHARS_MAX = 400;

type ReasonProps = QuestionButtonProps & {
  label: string;
  /** What follows from it, and whether it can be undone. */
  lead: string;
  hint?: string;
  /** Called with one line of text. */
  onReason: (reason: string) => void;
};

/** A button for what an operator has to say why: it asks first, in a dialog that says what follows. Escape and the first button keep everything. */
export function ReasonButton({ lead, hint, onReason, kind = "danger", size = "small", ...question }: ReasonProps) {
  const { admin: words } = useWords().text;
  const id = useId();
  const [written, setWritten] = useState("");
  // The instance keeps one line.
  const reason = written.replace(/\s+/g, " ").trim();
  const send = (event: FormEvent, close: () => void) => {
    event.preventDefault();
    close();
    setWritten("");
    onReason(reason);
  };
  return (
    <QuestionButton kind={kind} size={size} {...question}>
      {(close) => (
        <form onSubmit={(event) => send(event, close)}>
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
            <Button onClick={close}>{words.keep}</Button>
            <Button type="submit" kind={kind === "danger" ? "danger" : "primary"} disabled={reason.length < CHARS_MIN}>
              {question.label}
            </Button>
          </div>
        </form>
      )}
    </QuestionButton>
  );
}
