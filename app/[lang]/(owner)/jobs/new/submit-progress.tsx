import type { SubmitStep } from "#lib/client/queries/submission/submit-job.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatBytes } from "#lib/text/format/format-bytes.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";

const text = en.submit;

/** What the submission is doing, in bytes where bytes travel, and the way to stop it. */
export function SubmitProgress({ step, onStop }: { step: SubmitStep; onStop: () => void }) {
  const sent = step.kind === "upload" ? fill(text.uploadProgress, { done: formatBytes(step.sentBytes), all: formatBytes(step.bytes) }) : text.checking;
  return (
    <div className="mt-4 space-y-3">
      <p className="truncate text-sm" aria-live="polite">
        {step.kind === "upload" ? fill(text.uploading, { name: step.name }) : text.checking}
      </p>
      {step.kind === "upload" ? (
        <>
          <Progress label={text.submit} max={step.bytes} done={step.sentBytes} text={sent} />
          <p className="text-quiet text-sm">{sent}</p>
        </>
      ) : null}
      <Button className="w-full" onClick={onStop}>
        {text.cancel}
      </Button>
    </div>
  );
}
