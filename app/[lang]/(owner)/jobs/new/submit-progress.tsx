import type { SubmitStep } from "#lib/client/queries/submission/submit-job.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";

/** What the submission is doing: for bytes how many, how fast and how long the rest takes. And the way to stop it. */
export function SubmitProgress({ step, onStop }: { step: SubmitStep; onStop: () => void }) {
  const { text, fill } = useWords();
  const { submit } = text;
  return (
    <div className="mt-4 space-y-3">
      <p className="truncate text-sm" aria-live="polite">
        {step.kind === "check" ? submit.checking : fill(submit.uploadStages[step.stage], { name: step.name })}
      </p>
      {step.kind === "upload" ? <UploadBar step={step} /> : null}
      <Button className="w-full" onClick={onStop}>
        {submit.cancel}
      </Button>
    </div>
  );
}

function UploadBar({ step }: { step: Extract<SubmitStep, { kind: "upload" }> }) {
  const { text, format, fill } = useWords();
  const { submit } = text;
  const done = fill(submit.uploadProgress, { done: format.bytes(step.doneBytes), all: format.bytes(step.bytes) });
  const rate = step.bytesPerSecond === null ? null : fill(submit.uploadRate, { rate: format.bytes(step.bytesPerSecond) });
  const left = step.msLeft === null ? null : fill(submit.uploadLeft, { time: format.duration(step.msLeft) });
  return (
    <>
      <Progress label={fill(submit.uploadStages[step.stage], { name: step.name })} max={step.bytes} done={step.doneBytes} text={done} />
      <p className="text-quiet text-sm tabular-nums">{[done, rate, left].filter((part) => part !== null).join(" · ")}</p>
      {step.stage === "waiting" ? <p className="text-sm">{submit.uploadWaits}</p> : null}
    </>
  );
}
