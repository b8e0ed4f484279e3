import { X } from "lucide-react";
import type { MilestoneEntry } from "#lib/client/queries/submission/job-form.ts";
import { MILESTONES_MAX } from "#lib/domain/job/milestones.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { buttonProps, Field } from "#lib/ui/controls/field.tsx";
import { UnitInput } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { TextField } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** What a first milestone is offered as, and the next ones: whole. */
const FIRST: MilestoneEntry = { finalPercent: "0", releasePercent: "10" };
const LAST: MilestoneEntry = { finalPercent: "5", releasePercent: "100" };

/** How much of its owner's share the job gets, and in which steps its money may be spent. */
export function TurnFields({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields, parts } = text.submit;
  return (
    <Card>
      <CardHead title={parts.turn} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField state={state} name="weight" words={fields.weight} isNumber />
        <Milestones state={state} />
      </div>
    </Card>
  );
}

function Milestones({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { label, hint, add } = text.submit.fields.milestones;
  const { milestones } = state.form;
  const problem = state.problems.milestones;
  const set = (next: MilestoneEntry[]) => state.set("milestones", next);
  return (
    <Field id="milestones" label={label} hint={hint} problem={problem}>
      {milestones.length > 0 ? (
        <ol className="grid gap-2">
          {milestones.map((entry, i) => (
            <MilestoneRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a milestone is its place
              key={i}
              no={i + 1}
              entry={entry}
              onChange={(changed) => set(milestones.map((other, at) => (at === i ? changed : other)))}
              onRemove={() => set(milestones.filter((_, at) => at !== i))}
            />
          ))}
        </ol>
      ) : null}
      <div>
        <Button
          {...buttonProps("milestones", { hint, problem })}
          disabled={milestones.length >= MILESTONES_MAX}
          onClick={() => set(milestones.length === 0 ? [FIRST, LAST] : [...milestones, { finalPercent: "", releasePercent: "100" }])}
        >
          {add}
        </Button>
      </div>
    </Field>
  );
}

type RowProps = { no: number; entry: MilestoneEntry; onChange: (entry: MilestoneEntry) => void; onRemove: () => void };

function MilestoneRow({ no, entry, onChange, onRemove }: RowProps) {
  const { text, fill } = useWords();
  const { final, release, unit, row, remove } = text.submit.fields.milestones;
  return (
    <li>
      <fieldset className="flex items-end gap-2">
        <legend className="sr-only">{fill(row, { no })}</legend>
        <Field id={`milestone-${no}-final`} label={final} className="flex-1">
          <UnitInput
            id={`milestone-${no}-final`}
            unit={unit}
            value={entry.finalPercent}
            onChange={({ target }) => onChange({ ...entry, finalPercent: target.value })}
          />
        </Field>
        <Field id={`milestone-${no}-release`} label={release} className="flex-1">
          <UnitInput
            id={`milestone-${no}-release`}
            unit={unit}
            value={entry.releasePercent}
            onChange={({ target }) => onChange({ ...entry, releasePercent: target.value })}
          />
        </Field>
        <Button kind="quiet" size="small" className="size-10 shrink-0 px-0" aria-label={fill(remove, { no })} onClick={onRemove}>
          <X aria-hidden />
        </Button>
      </fieldset>
    </li>
  );
}
