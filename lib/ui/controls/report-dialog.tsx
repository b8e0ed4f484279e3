"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ErrorNote } from "../display/error-note.tsx";
import { Button } from "./button.tsx";
import { controlProps, Field } from "./field.tsx";
import { TextArea } from "./input.tsx";

const CHARS_MIN = 3;
const CHARS_MAX = 400;

export type ReportProps = {
  /** The job's name as its owner wrote it. */
  jobName: string;
  /** Sends one line of text to the operators; throws what `sayError` can say. */
  onReport: (text: string) => Promise<void>;
};

/** The dialog of `ReportButton`, open from the beginning; `onClose` takes it away. */
export function ReportDialog({ jobName, onReport, onClose }: ReportProps & { onClose: () => void }) {
  const {
    text: { report: words },
    fill,
  } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [isSent, setIsSent] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-card border border-line bg-surface p-6 text-ink shadow-lifted"
    >
      <h2 id={titleId} className="font-semibold text-lg [overflow-wrap:anywhere]">
        {fill(words.title, { name: jobName })}
      </h2>
      {isSent ? (
        <>
          <p role="status" className="mt-2 text-quiet text-sm">
            {words.sent}
          </p>
          <div className="mt-6 flex justify-end">
            <Button onClick={close}>{words.close}</Button>
          </div>
        </>
      ) : (
        <ReportForm onReport={onReport} onSent={() => setIsSent(true)} onCancel={close} />
      )}
    </dialog>
  );
}

function ReportForm({ onReport, onSent, onCancel }: Pick<ReportProps, "onReport"> & { onSent: () => void; onCancel: () => void }) {
  const { report: words } = useWords().text;
  const id = useId();
  const [written, setWritten] = useState("");
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // The operators read one line.
  const line = written.replace(/\s+/g, " ").trim();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setIsSending(true);
    setError(null);
    try {
      await onReport(line);
      onSent();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <p className="mt-2 mb-4 text-quiet text-sm">{words.lead}</p>
      <Field id={id} label={words.field} hint={words.hint}>
        <TextArea
          {...controlProps(id, { hint: words.hint })}
          required
          autoFocus
          minLength={CHARS_MIN}
          maxLength={CHARS_MAX}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
      </Field>
      {error ? <ErrorNote error={error} className="mt-3" isAlert /> : null}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button type="submit" kind="primary" disabled={isSending || line.length < CHARS_MIN}>
          {words.send}
        </Button>
      </div>
    </form>
  );
}
