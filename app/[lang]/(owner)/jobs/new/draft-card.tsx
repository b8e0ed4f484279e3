import { Download } from "lucide-react";
import { checkForm } from "#lib/client/queries/submission/check-form.ts";
import { hasEntries } from "#lib/client/queries/submission/draft.ts";
import { saveFile } from "#lib/client/queries/submission/save-file.ts";
import { writeJobFile } from "#lib/client/queries/submission/write-job-file.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** Tells the second of two tabs that the draft is kept in the other one, and lets it take over; it asks first where that replaces something. */
export function DraftElsewhere({ state: { draft, form } }: { state: JobFormState }) {
  const { text } = useWords();
  const words = text.studio.draft;
  if (draft.place !== "elsewhere") return null;
  const takeOver = hasEntries(form) ? (
    <ConfirmButton label={words.takeOver} title={words.takeOverTitle} confirm={words.takeOver} keep={words.keepEntered} size="small" onConfirm={draft.takeOver}>
      <p>{words.takeOverText}</p>
    </ConfirmButton>
  ) : (
    <Button size="small" onClick={draft.takeOver}>
      {words.takeOver}
    </Button>
  );
  return (
    <Note tone="warn" title={words.elsewhereTitle} isAlert action={takeOver}>
      {words.elsewhere}
    </Note>
  );
}

/** What can be done with what is entered: take it along as a job.json, or throw it away. */
export function DraftCard({ state, onProblems }: { state: JobFormState; onProblems: () => void }) {
  const words = useWords();
  const { text, format, fill } = words;
  const { draft } = text.studio;
  const { keptAt, place } = state.draft;
  const isKept = place === "here";
  const kept = keptAt ? fill(draft.keptAt, { when: format.moment(keptAt) }) : draft.kept;
  const download = () => {
    // A job.json names its files and is agreed to later: neither has to be there.
    const file = state.form.program ?? new File([], "program.wasm");
    const input = state.form.input ?? new File([], "input");
    const checked = checkForm({ ...state.form, program: file, input, isConfirmed: true }, words);
    state.show(checked.ok ? {} : checked.problems);
    if (checked.ok) saveFile("job.json", `${JSON.stringify(writeJobFile(checked.spec, { ...state.form, program: file, input }), null, 2)}\n`);
    else onProblems();
  };
  return (
    <Card>
      <Button className="w-full" aria-describedby="job-file-hint" onClick={download}>
        <Download aria-hidden />
        {draft.download}
      </Button>
      <p id="job-file-hint" className="mt-2 text-quiet text-sm">
        {draft.downloadHint}
      </p>
      {(isKept || place === "unavailable") && hasEntries(state.form) ? (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3 border-line border-t pt-4">
          <p className={cn("min-w-0 flex-1 basis-40 text-sm", isKept ? "text-quiet" : "text-warn")} role={isKept ? undefined : "alert"}>
            {isKept ? kept : draft.unavailable}
          </p>
          <ConfirmButton
            label={draft.startOver}
            title={draft.startOverTitle}
            confirm={draft.startOver}
            keep={draft.keepDraft}
            size="small"
            onConfirm={() => void state.startOver()}
          >
            <p>{draft.startOverText}</p>
          </ConfirmButton>
        </div>
      ) : null}
    </Card>
  );
}
