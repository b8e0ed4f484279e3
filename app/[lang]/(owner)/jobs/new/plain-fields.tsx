import { OUTPUT_FORMATS } from "#lib/domain/job/job.ts";
import { TILE_PIXELS } from "#lib/domain/reduce/reducer.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { TextArea } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";
import { VisibilityField } from "./visibility-field.tsx";

const ROW = "grid gap-5 sm:grid-cols-2";

/** What volunteers read about the job, and who they are. */
export function AboutFields({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields } = text.submit;
  const problem = state.problems.description;
  return (
    <Card>
      <CardHead title={text.submit.parts.what} />
      <div className="grid gap-5">
        <div className={ROW}>
          <TextField state={state} name="name" words={fields.name} />
          <TextField state={state} name="topic" words={fields.topic} />
        </div>
        <Field id="description" label={fields.description.label} hint={fields.description.hint} problem={problem}>
          <TextArea
            {...controlProps("description", { hint: true, problem })}
            rows={3}
            value={state.form.description}
            onChange={(event) => state.set("description", event.target.value)}
          />
        </Field>
        <VisibilityField state={state} />
      </div>
    </Card>
  );
}

/** What one shard may use, and what it writes. */
export function LimitFields({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { fields } = text.submit;
  return (
    <Card>
      <CardHead title={text.submit.parts.limits} />
      <div className={ROW}>
        <TextField state={state} name="timeSeconds" words={fields.timeSeconds} isNumber />
        <TextField state={state} name="memoryMebi" words={fields.memoryMebi} isNumber />
        <TextField state={state} name="outputKibi" words={fields.outputKibi} isNumber />
        <ChoiceField
          state={state}
          name="format"
          label={fields.format.label}
          hint={fields.format.hint}
          choices={OUTPUT_FORMATS.map((format) => [format, text.submit.formats[format]])}
        />
        {state.form.format === "tile" ? (
          <>
            <TextField state={state} name="tileWidth" words={fields.tileWidth} isNumber />
            <TextField state={state} name="tileHeight" words={fields.tileHeight} isNumber />
            <ChoiceField
              state={state}
              name="tilePixels"
              label={fields.tilePixels.label}
              choices={TILE_PIXELS.map((pixels) => [pixels, fields.tilePixels[pixels]])}
            />
          </>
        ) : null}
      </div>
    </Card>
  );
}
