import type { JobField, JobForm } from "#lib/client/queries/submission/job-form.ts";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Select } from "#lib/ui/controls/input.tsx";
import type { JobFormState } from "./use-job-form.ts";

type ChoiceFieldProps<F extends JobField> = {
  state: JobFormState;
  name: F;
  label: string;
  hint?: string;
  choices: readonly (readonly [JobForm[F] & string, string])[];
  onChosen?: (value: JobForm[F]) => void;
};

/** One of a few values, with its problem under it. */
export function ChoiceField<F extends JobField>({ state, name, label, hint, choices, onChosen }: ChoiceFieldProps<F>) {
  const problem = state.problems[name];
  return (
    <Field id={name} label={label} hint={hint} problem={problem}>
      <Select
        {...controlProps(name, { hint, problem })}
        value={String(state.form[name])}
        onChange={({ target: { value } }) => {
          const chosen = choices.find(([choice]) => choice === value)?.[0];
          if (chosen === undefined) return;
          state.set(name, chosen);
          onChosen?.(chosen);
        }}
      >
        {choices.map(([value, said]) => (
          <option key={value} value={value}>
            {said}
          </option>
        ))}
      </Select>
    </Field>
  );
}
