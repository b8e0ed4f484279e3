import type { JobForm } from "#lib/client/queries/submission/job-form.ts";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, UnitInput } from "#lib/ui/controls/input.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** The fields of the form that hold a line of text or a number. */
export type TextName = { [F in keyof JobForm]: JobForm[F] extends string ? (string extends JobForm[F] ? F : never) : never }[keyof JobForm];

type TextFieldProps = { state: JobFormState; name: TextName; words: { label: string; hint?: string; unit?: string }; isNumber?: boolean };

/** One line of the form, with its problem under it. */
export function TextField({ state, name, words: { label, hint, unit }, isNumber = false }: TextFieldProps) {
  const problem = state.problems[name];
  const props = {
    ...controlProps(name, { hint, problem }),
    value: state.form[name],
    onChange: (event: { target: { value: string } }) => state.set(name, event.target.value),
    ...(isNumber ? { inputMode: "decimal" as const } : {}),
  };
  return (
    <Field id={name} label={label} hint={hint} problem={problem}>
      {unit ? <UnitInput {...props} unit={unit} /> : <Input {...props} />}
    </Field>
  );
}
