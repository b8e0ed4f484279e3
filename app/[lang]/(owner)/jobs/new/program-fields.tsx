import { X } from "lucide-react";
import { useRef } from "react";
import { checkArguments } from "#lib/client/queries/submission/check-form.ts";
import { sharedName } from "#lib/client/queries/submission/read-job-file.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { buttonProps, controlProps, Field } from "#lib/ui/controls/field.tsx";
import { TextArea } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { FileField, FileName } from "./file-field.tsx";
import { ProgramInspection } from "./inspection.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** The program, what it reads, and its arguments. */
export function ProgramFields({ state }: { state: JobFormState }) {
  const words = useWords();
  const { text, format, fill } = words;
  const { fields } = text.submit;
  const { form, problems, set } = state;
  // Checked while it is typed: a placeholder that does not exist is seen before anything is sent.
  const argsProblem = problems.args ?? checkArguments(form, words);
  const argsHint = form.mode === "range" ? fields.args.hintRange : fields.args.hint;
  return (
    <Card>
      <CardHead title={text.submit.parts.program} />
      <div className="grid gap-5">
        <FileField
          id="program"
          label={fields.program.label}
          hint={fill(fields.program.hint, { limit: format.bytes(JOB_LIMITS.programBytesMax) })}
          problem={problems.program}
          accept=".wasm,application/wasm,.wgsl"
          file={form.program}
          onFile={(file) => set("program", file)}
        />
        <ProgramInspection state={state} />
        {needsInput(form.mode) ? (
          <FileField
            id="input"
            label={fields.input.label}
            hint={fill(form.mode === "files" ? fields.input.hintFiles : fields.input.hint, { limit: format.bytes(JOB_LIMITS.inputBytesMax) })}
            problem={problems.input}
            file={form.input}
            onFile={(file) => set("input", file)}
            onFiles={form.mode === "files" ? (files) => void state.takeInput(files) : undefined}
          />
        ) : null}
        <SharedFiles state={state} />
        <Field id="args" label={fields.args.label} hint={argsHint} problem={argsProblem}>
          <TextArea
            {...controlProps("args", { hint: argsHint, problem: argsProblem })}
            className="font-mono"
            spellCheck={false}
            rows={2}
            value={form.args}
            onChange={(event) => set("args", event.target.value)}
          />
        </Field>
      </div>
    </Card>
  );
}

function SharedFiles({ state: { form, problems, set } }: { state: JobFormState }) {
  const { text, format, fill } = useWords();
  const { fields } = text.submit;
  const input = useRef<HTMLInputElement>(null);
  const hint = fill(fields.files.hint, { limit: format.bytes(JOB_LIMITS.filesBytesMax) });
  const add = (chosen: FileList) => {
    const added = [...chosen].map((file) => ({ name: sharedName(file), file }));
    const kept = form.files.filter(({ name }) => !added.some((other) => other.name === name));
    set("files", [...kept, ...added]);
  };
  return (
    <Field id="files" label={fields.files.label} hint={hint} problem={problems.files}>
      {form.files.length > 0 ? (
        <ul className="divide-y divide-line rounded-control border border-line">
          {form.files.map(({ name, file }) => (
            <li key={name} className="flex items-center gap-3 py-1 pr-1 pl-3">
              <FileName file={file} />
              {name === file.name ? null : <span className="truncate text-quiet text-sm">{fill(fields.files.path, { name })}</span>}
              <Button
                kind="quiet"
                size="small"
                className="ml-auto size-9 px-0"
                aria-label={`${text.submit.remove} ${name}`}
                onClick={() =>
                  set(
                    "files",
                    form.files.filter((shared) => shared.name !== name),
                  )
                }
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <div>
        <Button {...buttonProps("files", { hint, problem: problems.files })} onClick={() => input.current?.click()}>
          {fields.files.add}
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        data-testid="files-file"
        onChange={(event) => {
          if (event.target.files) add(event.target.files);
          event.target.value = "";
        }}
      />
    </Field>
  );
}
