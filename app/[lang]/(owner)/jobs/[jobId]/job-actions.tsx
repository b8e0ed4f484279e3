import { Pause, Play } from "lucide-react";
import { useMoveJob } from "#lib/client/queries/jobs.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatMoney } from "#lib/text/format/format-money.ts";
import { formatCount } from "#lib/text/format/format-number.ts";
import { sayError } from "#lib/text/say.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { heldMicro } from "./job-money.tsx";

const text = en.jobs.page;

/** Pause, resume, and cancel, which asks first and names what ends and what comes back. */
export function JobActions({ job }: { job: JobView }) {
  const move = useMoveJob(job.id);
  if (!isOpen(job.state)) return null;
  const missing = job.shardCount - job.acceptedCount - job.failedCount;
  return (
    <>
      {job.state === "running" ? (
        <Button disabled={move.isPending} onClick={() => move.mutate("pause")}>
          <Pause aria-hidden />
          {text.pause}
        </Button>
      ) : null}
      {job.state === "paused" ? (
        <Button kind="primary" disabled={move.isPending} onClick={() => move.mutate("resume")}>
          <Play aria-hidden />
          {text.resume}
        </Button>
      ) : null}
      <ConfirmButton
        label={text.cancel}
        title={text.cancelTitle}
        confirm={text.cancel}
        keep={text.keep}
        disabled={move.isPending}
        onConfirm={() => move.mutate("cancel")}
      >
        <p>{fill(text.cancelText, { missing: formatCount(missing, en.jobs.shardWords) })}</p>
        <p>{fill(text.cancelMoney, { held: formatMoney(heldMicro(job), job.price.asset) })}</p>
      </ConfirmButton>
      {move.error ? (
        <Note tone="bad" className="basis-full" isAlert>
          {sayError(move.error)}
        </Note>
      ) : null}
    </>
  );
}
