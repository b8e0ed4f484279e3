"use client";

import { type FormEvent, useState } from "react";
import { type Recovery, type RecoveryProblem, useRecovery } from "#lib/client/volunteer/use-recovery.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { TextArea } from "#lib/ui/controls/input.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** The phrase of this browser's device, shown only when asked for, and a form to go on as another device. */
export function RecoveryPhrase() {
  const {
    text: {
      volunteer: { recovery: text },
      site,
    },
  } = useWords();
  const recovery = useRecovery();
  const { standing, failure } = recovery;
  return (
    <div className="max-w-prose space-y-6">
      {failure === null ? null : <ErrorNote error={failure} isAlert />}
      {standing === "withPhrase" ? <Phrase recovery={recovery} /> : null}
      {standing === "none" || standing === "keyOnly" ? <p className="text-sm">{text[standing]}</p> : null}
      {standing === null && failure === null ? <p className="text-quiet text-sm">{site.loading}</p> : null}
      <RestoreForm recovery={recovery} />
    </div>
  );
}

function Phrase({ recovery: { words, show, hide } }: { recovery: Recovery }) {
  const text = useWords().text.volunteer.recovery;
  return (
    <div className="space-y-4">
      <Note tone="warn">{text.warning}</Note>
      {words ? (
        // Not translated, copied into searches, or read by the checkers of spelling.
        <ol aria-label={text.words} translate="no" className="grid grid-cols-2 gap-2 sm:grid-cols-3">
          {words.map((word, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word of a phrase is its place
            <li key={i} className="flex gap-2 rounded-control bg-sunken px-3 py-1.5 font-mono text-sm">
              <span aria-hidden className="w-5 text-right text-quiet tabular-nums">
                {i + 1}
              </span>
              {word}
            </li>
          ))}
        </ol>
      ) : null}
      <Button size="small" onClick={words ? hide : () => void show()}>
        {words ? text.hide : text.reveal}
      </Button>
    </div>
  );
}

function RestoreForm({ recovery: { standing, restore } }: { recovery: Recovery }) {
  const {
    text: {
      volunteer: { recovery: text },
    },
    fill,
  } = useWords();
  const [typed, setTyped] = useState("");
  const [answer, setAnswer] = useState<RecoveryProblem | "restored" | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    try {
      const problem = await restore(typed);
      setAnswer(problem ?? "restored");
      if (!problem) setTyped("");
    } catch (error) {
      setFailure(error);
    }
  };
  const problem = answer && answer !== "restored" ? fill(text.problems[answer.problem], paramsOf(answer)) : null;
  return (
    <form className="space-y-4 border-line border-t pt-6" onSubmit={(event) => void send(event)}>
      <h3 className="font-medium text-sm">{text.restoreTitle}</h3>
      <p className="text-quiet text-sm">{text.restoreLead}</p>
      {standing === "none" ? null : <p className="text-sm">{text.replaces}</p>}
      <Field id="phrase" label={text.field} problem={problem}>
        <TextArea
          {...controlProps("phrase", { problem })}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          translate="no"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAnswer(null);
          }}
        />
      </Field>
      {failure === null ? null : <ErrorNote error={failure} isAlert />}
      <Button type="submit">{text.restore}</Button>
      <p role="status" className="text-sm">
        {answer === "restored" ? text.restored : null}
      </p>
    </form>
  );
}

function paramsOf(problem: RecoveryProblem): Record<string, string | number> {
  if (problem.problem === "count") return { count: problem.count };
  return problem.problem === "words" ? { words: problem.words.join(", ") } : {};
}
