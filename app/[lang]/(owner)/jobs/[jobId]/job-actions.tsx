import { Copy, Pause, Play } from "lucide-react";
import Link from "next/link";
import { useMoveJob } from "#lib/client/queries/jobs.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";
import { heldMicro } from "./job-money.tsx";

/** Pause, resume, and cancel, which asks first and names what ends and what comes back. */
export function JobActions({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { page } = text.jobs;
  const move = useMoveJob(job.id);
  const turn = (to: "pause" | "resume") => {
    const [said, back] = to === "pause" ? ([page.pausedNow, "resume"] as const) : ([page.resumedNow, "pause"] as const);
    move.mutate(to, { onSuccess: () => toasts.show(said, { label: page.undo, run: () => move.mutate(back) }) });
  };
  // Its files are the owner's: nobody else could fetch them.
  const duplicate =
    job.role !== "owner" ? null : (
      <Link href={`/jobs/new?from=${job.id}`} className={buttonLook()}>
        <Copy aria-hidden />
        {text.studio.reuse.duplicate}
      </Link>
    );
  if (!isOpen(job.state) || job.role === "view") return duplicate;
  const missing = job.shardCount - job.acceptedCount - job.failedCount;
  return (
    <>
      {duplicate}
      {job.state === "running" ? (
        <Button disabled={move.isPending} onClick={() => turn("pause")}>
          <Pause aria-hidden />
          {page.pause}
        </Button>
      ) : null}
      {job.state === "paused" && job.reason?.code !== "job_in_review" ? (
        <Button kind="primary" disabled={move.isPending} onClick={() => turn("resume")}>
          <Play aria-hidden />
          {page.resume}
        </Button>
      ) : null}
      <ConfirmButton
        label={page.cancel}
        title={page.cancelTitle}
        confirm={page.cancel}
        keep={page.keep}
        disabled={move.isPending}
        onConfirm={() => move.mutate("cancel")}
      >
        <p>{fill(page.cancelText, { missing: format.count(missing, text.jobs.shardWords) })}</p>
        <p>{fill(page.cancelMoney, { held: format.money(heldMicro(job), job.price.asset) })}</p>
      </ConfirmButton>
      {move.error ? <ErrorNote error={move.error} className="basis-full" isAlert /> : null}
    </>
  );
}
