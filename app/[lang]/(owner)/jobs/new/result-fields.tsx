import { REDUCED_FORMATS, REDUCER_KINDS, type ReducerKind, TOP_ORDERS } from "#lib/domain/reduce/reducer.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { FileField } from "./file-field.tsx";
import { TextField, type TextName } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";

const NUMBERS: Partial<Record<ReducerKind, TextName[]>> = { histogram: ["binsFrom", "binsTo", "bins"], "top-k": ["topRows"], mosaic: ["columns"] };

/** What makes the result of the outputs, and the fields that belong to it. */
export function ResultFields({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields, reducers, parts } = text.submit;
  const { reduceBy: kind, format } = state.form;
  const hasNumbers = kind !== "concat" && kind !== "mosaic" && kind !== "wasi";
  return (
    <Card>
      <CardHead title={parts.result} />
      <div className="grid gap-5 sm:grid-cols-2">
        <ChoiceField
          state={state}
          name="reduceBy"
          label={fields.reduceBy.label}
          choices={REDUCER_KINDS.map((reducer) => [reducer, reducers[reducer]])}
          // Nothing else can be put together to a picture.
          onChosen={(chosen) => (chosen === "mosaic" ? state.set("format", "tile") : undefined)}
        />
        {hasNumbers && format !== "text" && format !== "f32" ? <TextField state={state} name="reduceField" words={fields.reduceField} /> : null}
        {(NUMBERS[kind] ?? []).map((name) => (
          <TextField key={name} state={state} name={name} words={fields[name as keyof typeof fields] as { label: string }} isNumber />
        ))}
        {kind === "top-k" ? (
          <ChoiceField state={state} name="topOrder" label={fields.topOrder.label} choices={TOP_ORDERS.map((order) => [order, fields.topOrder[order]])} />
        ) : null}
        {kind === "wasi" ? <OwnReducer state={state} /> : null}
      </div>
    </Card>
  );
}

function OwnReducer({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields, formats } = text.submit;
  return (
    <>
      <FileField
        id="reducer"
        label={fields.reducer.label}
        hint={fields.reducer.hint}
        accept=".wasm"
        problem={state.problems.reducer}
        file={state.form.reducer}
        onFile={(file) => state.set("reducer", file)}
      />
      <TextField state={state} name="reducerArgs" words={fields.reducerArgs} />
      <ChoiceField state={state} name="reducedFormat" label={fields.reducedFormat.label} choices={REDUCED_FORMATS.map((format) => [format, formats[format]])} />
    </>
  );
}
