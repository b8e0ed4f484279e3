import { OUTPUT_FORMATS, type OutputFormat } from "#lib/domain/job/job.ts";
import { en } from "#lib/text/en.ts";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Select, TextArea } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { TextField } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";

const text = en.submit.fields;
const ROW = "grid gap-5 sm:grid-cols-2";

/** What volunteers read about the job. */
export function AboutFields({ state }: { state: JobFormState }) {
  const problem = state.problems.description;
  return (
    <Card>
      <CardHead title={en.submit.parts.what} />
      <div className="grid gap-5">
        <div className={ROW}>
          <TextField state={state} name="name" words={text.name} />
          <TextField state={state} name="topic" words={text.topic} />
        </div>
        <Field id="description" label={text.description.label} hint={text.description.hint} problem={problem}>
          <TextArea
            {...controlProps("description", { hint: true, problem })}
            rows={3}
            value={state.form.description}
            onChange={(event) => state.set("description", event.target.value)}
          />
        </Field>
      </div>
    </Card>
  );
}

/** What one shard may use, and what it writes. */
export function LimitFields({ state }: { state: JobFormState }) {
  const { hint } = text.format;
  return (
    <Card>
      <CardHead title={en.submit.parts.limits} />
      <div className={ROW}>
        <TextField state={state} name="timeSeconds" words={text.timeSeconds} isNumber />
        <TextField state={state} name="memoryMebi" words={text.memoryMebi} isNumber />
        <TextField state={state} name="outputKibi" words={text.outputKibi} isNumber />
        <Field id="format" label={text.format.label} hint={hint} problem={state.problems.format}>
          <Select
            {...controlProps("format", { hint, problem: state.problems.format })}
            value={state.form.format}
            onChange={(event) => state.set("format", event.target.value as OutputFormat)}
          >
            {OUTPUT_FORMATS.map((format) => (
              <option key={format} value={format}>
                {en.submit.formats[format]}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </Card>
  );
}

/** How many devices must agree, what each of them earns, and the seed. */
export function CheckingFields({ state, asset }: { state: JobFormState; asset: string }) {
  return (
    <Card>
      <CardHead title={en.submit.parts.checking} />
      <div className={ROW}>
        <TextField state={state} name="quorum" words={text.quorum} isNumber />
        <TextField state={state} name="replicasMax" words={text.replicasMax} isNumber />
        <TextField state={state} name="price" words={{ ...text.price, unit: asset }} isNumber />
        <TextField state={state} name="seed" words={text.seed} isNumber />
      </div>
    </Card>
  );
}
