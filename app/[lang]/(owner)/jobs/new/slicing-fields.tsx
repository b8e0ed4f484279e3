import { SLICING_MODES, type SlicingMode } from "#lib/domain/slicing/slicing.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { FirstShards } from "./first-shards.tsx";
import { TextField, type TextName } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";

const FIELDS: Record<SlicingMode, TextName[]> = {
  lines: ["linesPerShard"],
  csv: ["recordsPerShard"],
  ndjson: ["recordsPerShard"],
  fasta: ["recordsPerShard"],
  bytes: ["bytesPerShard"],
  files: [],
  range: ["from", "to", "step", "valuesPerShard"],
  grid: ["axes"],
  repeat: ["runs"],
};

/** How the input becomes shards: the mode, and the sizes that belong to it. */
export function SlicingFields({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields } = text.submit;
  const { form, set, problems } = state;
  return (
    <Card>
      <CardHead title={text.submit.parts.slicing} />
      <fieldset className="mb-5 grid gap-2 sm:grid-cols-3">
        <legend className="sr-only">{fields.mode.label}</legend>
        {SLICING_MODES.map((mode) => (
          <label
            key={mode}
            className={cn(
              "flex cursor-pointer gap-3 rounded-control border p-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
              form.mode === mode ? "border-accent bg-accent-soft" : "border-edge",
            )}
          >
            <input type="radio" name="mode" className="mt-0.5 size-4 shrink-0 accent-accent" checked={form.mode === mode} onChange={() => set("mode", mode)} />
            <span>
              <span className="block font-medium">{text.states.slicingModes[mode].label}</span>
              <span className={form.mode === mode ? undefined : "text-quiet"}>{text.states.slicingModes[mode].meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {problems.mode ? (
        <p className="mb-4 text-bad text-sm" role="alert">
          {problems.mode}
        </p>
      ) : null}
      <div className="grid gap-5 sm:grid-cols-2">
        {FIELDS[form.mode].map((name) => (
          <TextField key={name} state={state} name={name} words={fields[name as keyof typeof fields] as { label: string }} isNumber={name !== "axes"} />
        ))}
        {form.mode === "csv" ? (
          <ChoiceField
            state={state}
            name="delimiter"
            label={fields.delimiter.label}
            choices={[
              [",", fields.delimiter.comma],
              [";", fields.delimiter.semicolon],
              ["\t", fields.delimiter.tab],
            ]}
          />
        ) : null}
      </div>
      <FirstShards state={state} />
    </Card>
  );
}
