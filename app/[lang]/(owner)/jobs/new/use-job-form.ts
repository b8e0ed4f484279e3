import { useRef, useState } from "react";
import { type Draft, fromDraft } from "#lib/client/queries/submission/draft.ts";
import type { DroppedFile } from "#lib/client/queries/submission/dropped-files.ts";
import { EMPTY_FORM, type FieldProblems, type JobField, type JobForm } from "#lib/client/queries/submission/job-form.ts";
import { packInput } from "#lib/client/queries/submission/pack-input.ts";
import { placeError } from "#lib/client/queries/submission/place-error.ts";
import { readFiles } from "#lib/client/queries/submission/read-job-file.ts";
import { useBegun } from "#lib/client/queries/submission/use-begun.ts";
import { useCopiedJob } from "#lib/client/queries/submission/use-copied-job.ts";
import { type DraftState, useDraft } from "#lib/client/queries/submission/use-draft.ts";
import type { AccountId, PoolId } from "#lib/domain/ids.ts";
import type { JobJson } from "#lib/protocol/jobs/job-json.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";

export type Notice = { tone: "info" | "bad"; text: string };

/** The form of a submission: what was entered, what is wrong with it and where, and what is to be said about the whole. */
export type JobFormState = {
  form: JobForm;
  problems: FieldProblems;
  notice: Notice | null;
  set<F extends JobField>(field: F, value: JobForm[F]): void;
  /** Fills the form in from files, after what the form begins with; a job.json that is wrong, or a file that cannot be read, changes nothing. */
  take(files: Promise<readonly DroppedFile[]>): Promise<void>;
  /** Takes files of which each is a shard. */
  takeInput(files: readonly DroppedFile[]): Promise<void>;
  show(problems: FieldProblems): void;
  /** Shows a refusal at its field, or above the button where no field can correct it. */
  refuse(error: unknown): void;
  say(notice: Notice | null): void;
  draft: DraftState;
  /** Empties the form and removes the draft. */
  startOver(): Promise<void>;
};

/** `copied` is a job to begin with, instead of a draft that may be kept; `pool` is the one that the job is for, whatever a draft says. */
export function useJobForm(account: AccountId, { copied, pool }: { copied: JobJson | null; pool: PoolId | null }): JobFormState {
  const words = useWords();
  const [form, setForm] = useState<JobForm>({ ...EMPTY_FORM, ...inPool(pool) });
  const [problems, setProblems] = useState<FieldProblems>({});
  const [notice, setNotice] = useState<Notice | null>(copied ? { tone: "info", text: words.text.studio.reuse.loading } : null);
  const [isFilled, setFilled] = useState(copied === null);
  /** What was entered before what the form begins with was there, and is newer than it. */
  const early = useRef<Partial<JobForm>>({});
  /** Fills in what the form begins with, but what was entered meanwhile and what would be wrong with that field otherwise. */
  const begin = (begun: JobForm, found: FieldProblems, entered: Partial<JobForm>) => {
    setForm({ ...begun, ...entered });
    setProblems(Object.fromEntries(Object.entries(found).filter(([field]) => !(field in entered))));
  };
  useCopiedJob(copied, (copy) => {
    setFilled(true);
    begin(copy.form, copy.problems, early.current);
    setNotice({ tone: "info", text: words.fill(words.text.studio.reuse.from, { name: copy.form.name }) });
  });
  const restore = (found: Draft) => {
    if (copied) return;
    // A draft that is taken over from another tab is wanted as it is there.
    const entered = draft.place === "reading" ? early.current : {};
    const missing = Object.fromEntries(found.large.map(({ field, name }) => [field, words.fill(words.text.studio.draft.large, { name })]));
    begin({ ...fromDraft(found), ...inPool(pool) }, missing, entered);
    setNotice({ tone: "info", text: words.fill(words.text.studio.draft.restored, { when: words.format.moment(found.savedAt) }) });
  };
  const draft = useDraft(account, form, restore);
  const now = useRef(form);
  now.current = form;
  const isBegun = isFilled && draft.place !== "reading";
  const untilBegun = useBegun(isBegun);
  const set: JobFormState["set"] = (field, value) => {
    if (!isBegun) early.current = { ...early.current, [field]: value };
    setForm((current) => ({ ...current, [field]: value }));
    setProblems(({ [field]: _, ...others }) => others);
  };
  return {
    form,
    problems,
    notice,
    set,
    take: async (files) => {
      // Files can be there before the draft: what came in first would be replaced by it.
      const [dropped] = await Promise.all([files.catch(unreadable), untilBegun()]);
      if (dropped?.length === 0) return;
      const read = dropped && (await readFiles(dropped, now.current, words).catch(unreadable));
      if (!read) {
        setNotice({ tone: "bad", text: words.text.submit.packing.unreadable });
        return;
      }
      if (!read.ok) {
        setNotice({ tone: "bad", text: read.problem });
        return;
      }
      setForm(read.form);
      setProblems(read.problems);
      if (read.jobFilePath === null) setNotice(read.notice ? { tone: "info", text: read.notice } : null);
      else setNotice({ tone: "info", text: words.fill(words.text.submit.drop.read, { name: read.jobFilePath }) });
    },
    takeInput: async (files) => {
      await untilBegun();
      setNotice({ tone: "info", text: words.text.submit.packing.now });
      const packed = await packInput(files, words);
      setNotice(packed.file && packed.notice ? { tone: "info", text: packed.notice } : null);
      if (packed.file) set("input", packed.file);
      else setProblems((others) => ({ ...others, input: packed.problem }));
    },
    show: setProblems,
    refuse: (error) => {
      const { field, problem } = placeError(error, form.mode, words);
      setProblems(field ? { [field]: problem } : {});
      setNotice(field ? null : { tone: "bad", text: problem });
    },
    say: setNotice,
    draft,
    startOver: async () => {
      setForm(EMPTY_FORM);
      setProblems({});
      setNotice(null);
      await draft.forget();
    },
  };
}

/** Null for what a browser says of a file that was moved, changed or locked since it was chosen; other errors are thrown. */
function unreadable(error: unknown): null {
  if (error instanceof DOMException) return null;
  throw error;
}

function inPool(pool: PoolId | null): Partial<Pick<JobForm, "visibility">> {
  return pool ? { visibility: { kind: "pool", pool } } : {};
}
