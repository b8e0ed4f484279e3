import { useState } from "react";
import type { DroppedFile } from "#lib/client/queries/submission/dropped-files.ts";
import { EMPTY_FORM, type FieldProblems, type JobField, type JobForm } from "#lib/client/queries/submission/job-form.ts";
import { placeError } from "#lib/client/queries/submission/place-error.ts";
import { readFiles } from "#lib/client/queries/submission/read-job-file.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";

export type Notice = { tone: "info" | "bad"; text: string };

/** The form of a submission: what was entered, what is wrong with it and where, and what is to be said about the whole. */
export type JobFormState = {
  form: JobForm;
  problems: FieldProblems;
  notice: Notice | null;
  set<F extends JobField>(field: F, value: JobForm[F]): void;
  /** Fills the form in from files; a job.json that is wrong changes nothing. */
  take(files: readonly DroppedFile[]): Promise<void>;
  show(problems: FieldProblems): void;
  /** Shows a refusal at its field, or above the button where no field can correct it. */
  refuse(error: unknown): void;
  say(notice: Notice | null): void;
};

export function useJobForm(): JobFormState {
  const words = useWords();
  const [form, setForm] = useState<JobForm>(EMPTY_FORM);
  const [problems, setProblems] = useState<FieldProblems>({});
  const [notice, setNotice] = useState<Notice | null>(null);
  return {
    form,
    problems,
    notice,
    set: (field, value) => {
      setForm((current) => ({ ...current, [field]: value }));
      setProblems(({ [field]: _, ...others }) => others);
    },
    take: async (files) => {
      const read = await readFiles(files, form, words);
      if (!read.ok) {
        setNotice({ tone: "bad", text: read.problem });
        return;
      }
      setForm(read.form);
      setProblems(read.problems);
      setNotice(read.jobFilePath === null ? null : { tone: "info", text: words.fill(words.text.submit.drop.read, { name: read.jobFilePath }) });
    },
    show: setProblems,
    refuse: (error) => {
      const { field, problem } = placeError(error, form.mode, words);
      setProblems(field ? { [field]: problem } : {});
      setNotice(field ? null : { tone: "bad", text: problem });
    },
    say: setNotice,
  };
}
