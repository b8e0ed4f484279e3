import { useRef } from "react";
import { type DroppedFile, filesOfInput } from "#lib/client/queries/submission/dropped-files.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { buttonProps, Field } from "#lib/ui/controls/field.tsx";

type FileFieldProps = {
  id: string;
  label: string;
  hint: string;
  problem: string | undefined;
  accept?: string;
  file: File | null;
  onFile: (file: File) => void;
  /** Where given, several files can be chosen, and go there. */
  onFiles?: ((files: DroppedFile[]) => void) | undefined;
};

/** One file: its name and size, and a button that chooses another. */
export function FileField({ id, label, hint, problem, accept, file, onFile, onFiles }: FileFieldProps) {
  const { text } = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Field id={id} label={label} hint={hint} problem={problem}>
      <div className="flex min-h-10 items-center gap-3">
        <Button {...buttonProps(id, { hint, problem })} onClick={() => input.current?.click()}>
          {file ? text.submit.change : text.submit.choose}
        </Button>
        {file ? <FileName file={file} /> : null}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={onFiles !== undefined}
        data-testid={`${id}-file`}
        onChange={(event) => {
          const chosen = event.target.files ? filesOfInput(event.target.files) : [];
          if (onFiles && chosen.length > 0) onFiles(chosen);
          else if (chosen[0]) onFile(chosen[0].file);
          event.target.value = "";
        }}
      />
    </Field>
  );
}

/** A file's name, cut where it is too long, and its size. */
export function FileName({ file }: { file: File }) {
  const { format } = useWords();
  return (
    <span className="flex min-w-0 items-baseline gap-2 text-sm">
      <span className="truncate font-mono">{file.name}</span>
      <span className="shrink-0 text-quiet">{format.bytes(file.size)}</span>
    </span>
  );
}
