import type { SubmitStep } from "#lib/client/queries/submission/submit-job.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";

/** What the submission is doing, in bytes where bytes travel, and the way to stop it. */
export function SubmitProgress({ step, onStop }: { step: SubmitStep; onStop: () => void }) {
  const { text, format, fill } = useWords();
  const { submit } = text;
  const sent = step.kind === "upload" ? fill(submit.uploadProgress, { done: format.bytes(step.sentBytes), all: format.bytes(step.bytes) }) : submit.checking;
  return (
    <div className="mt-4 space-y-3">
      <p className="truncate text-sm" aria-live="polite">
        {step.kind === "upload" ? fill(submit.uploading, { name: step.name }) : submit.checking}
      </p>
      {step.kind === "upload" ? (
        <>
          <Progress label={submit.submit} max={step.bytes} done={step.sentBytes} text={sent} />
          <p className="text-quiet text-sm">{sent}</p>
        </>
      ) : null}
      <Button className="w-full" onClick={onStop}>
        {submit.cancel}
      </Button>
    </div>
  );
}
