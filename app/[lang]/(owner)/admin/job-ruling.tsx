import { useHoldJob, useTakeDownJob } from "#lib/client/queries/operations.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen, type JobState } from "#lib/domain/job/job.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { ReasonButton } from "./reason-button.tsx";

type RulingProps = { job: { jobId: JobId; name: string; state: JobState }; canHold: boolean };

/** What an operator can do to a job that is open: pause it until it is decided about, or end it. */
export function JobRuling({ job: { jobId, name, state }, canHold }: RulingProps) {
  const { text, fill } = useWords();
  const { jobs: words } = text.admin;
  const hold = useHoldJob();
  const end = useTakeDownJob();
  const isBusy = hold.isPending || end.isPending;
  const error = hold.error ?? end.error;
  if (!isOpen(state)) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {canHold ? (
        <ReasonButton
          kind="secondary"
          label={words.hold}
          accessibleName={fill(words.holdOf, { name })}
          title={fill(words.holdTitle, { name })}
          lead={words.holdText}
          disabled={isBusy}
          onReason={(reason) => hold.mutate({ jobId, reason })}
        />
      ) : null}
      <ReasonButton
        label={words.end}
        accessibleName={fill(words.endOf, { name })}
        title={fill(words.endTitle, { name })}
        lead={words.endText}
        disabled={isBusy}
        onReason={(reason) => end.mutate({ jobId, reason })}
      />
      {error ? <ErrorNote error={error} className="w-full" isAlert /> : null}
    </div>
  );
}
