import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { usePicture } from "#lib/client/light/use-picture.ts";
import { useMoveJob } from "#lib/client/queries/jobs.ts";
import { previewQuery, resultUrl } from "#lib/client/queries/preview.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { PREVIEW_TILES_MAX } from "#lib/domain/reduce/mosaic-preview.ts";
import { getPicture, type JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { GrowingPicture } from "#lib/ui/output/growing-picture.tsx";
import { OutputView } from "#lib/ui/output/output-view.tsx";

/** The result as far as it is verified: download at any time, and its first lines where it is text. */
export function JobResult({ job }: { job: JobView }) {
  const words = useWords();
  const { page } = words.text.jobs;
  const shards = job.results.areGone ? 0 : resultShards(job);
  const isWhole = shards === job.shardCount;
  return (
    <Card>
      <CardHead title={page.result}>
        {job.reduction && job.acceptedCount > 0 && !job.results.areGone ? <DownloadLink href={resultUrl(job.id, "outputs")} label={page.outputs} /> : null}
        {shards > 0 ? <DownloadLink href={resultUrl(job.id)} label={isWhole ? page.download : page.downloadPartial} isMain={isWhole} /> : null}
      </CardHead>
      {job.reduction?.failure ? <ReducerFailure failure={job.reduction.failure} /> : <p className="text-quiet text-sm">{stateInWords(words, job)}</p>}
      {shards > 0 && job.results.endAt ? (
        <p className="mt-1 text-quiet text-sm">
          {page.resultKept} <time dateTime={job.results.endAt}>{dayOf(job.results.endAt)}</time>
        </p>
      ) : null}
      {job.reducer === "mosaic" && !job.results.areGone && job.shardCount <= PREVIEW_TILES_MAX ? (
        <Picture job={job} />
      ) : shards > 0 ? (
        <Preview job={job} />
      ) : null}
      {shards > 0 && job.results.endAt && job.role === "owner" ? <DeleteResult job={job} /> : null}
    </Card>
  );
}

/** How many shards the result holds: of an owner's reducer none where it failed. */
function resultShards({ reduction, acceptedCount }: JobView): number {
  if (!reduction) return acceptedCount;
  return reduction.failure ? 0 : reduction.shards;
}

/** Deletes the result before its time, which asks first and names what stays. */
function DeleteResult({ job }: { job: JobView }) {
  const { page } = useWords().text.jobs;
  const move = useMoveJob(job.id);
  return (
    <div className="mt-4">
      <ConfirmButton
        label={page.deleteResult}
        title={page.deleteResultTitle}
        confirm={page.deleteResult}
        keep={page.keepResult}
        disabled={move.isPending}
        onConfirm={() => move.mutate("discard")}
      >
        <p>{page.deleteResultText}</p>
      </ConfirmButton>
      {move.error ? <ErrorNote error={move.error} className="mt-2" isAlert /> : null}
    </div>
  );
}

function DownloadLink({ href, label, isMain = false }: { href: string; label: string; isMain?: boolean }) {
  return (
    <a href={href} download className={buttonLook({ kind: isMain ? "primary" : "secondary", size: "small" })}>
      <Download aria-hidden />
      {label}
    </a>
  );
}

function ReducerFailure({ failure }: { failure: NonNullable<NonNullable<JobView["reduction"]>["failure"]> }) {
  const { text, fill } = useWords();
  const { page } = text.jobs;
  const { outcome, exitCode, trap, stderr, fromNo, toNo } = failure;
  const how = exitCode !== null ? fill(page.exitCode, { code: exitCode }) : trap !== null ? fill(page.trap, { trap }) : null;
  return (
    <>
      <Note tone="bad" title={page.reduction.failedTitle}>
        {fill(page.reduction.failed, { from: fromNo, to: toNo - 1, outcome: text.states.outcomes[outcome] })}
        {how === null ? null : <span className="block font-mono text-xs">{how}</span>}
      </Note>
      {stderr === "" ? null : (
        <details className="mt-3 text-sm">
          <summary className="rounded-control py-1 text-quiet">{page.reduction.log}</summary>
          <CodeBlock label={page.reduction.log} text={stderr} />
        </details>
      )}
    </>
  );
}

/** The day (UTC) as everybody writes it alike, server and browser too. */
function dayOf(endAt: string): string {
  return endAt.slice(0, 10);
}

function stateInWords({ text, fill }: Words, { state, acceptedCount: accepted, shardCount: all, reduction, results }: JobView): string {
  const { page } = text.jobs;
  if (results.areGone && accepted > 0) return page.resultGone;
  if (reduction && reduction.state !== "failed" && accepted > 0) return fill(page.reduction[reduction.state], { shards: reduction.shards, all });
  if (accepted === 0) return isOpen(state) ? page.resultNone : page.resultNever;
  if (accepted === all) return fill(page.resultWhole, { all });
  return fill(isOpen(state) ? page.resultPartial : page.resultSome, { accepted, all });
}

/** The mosaic as it grows. */
function Picture({ job }: { job: JobView }) {
  const { text, fill } = useWords();
  const { data } = usePicture(getPicture.path.replace("{jobId}", job.id));
  return data ? (
    <div className="mt-4">
      <h3 className="mb-2 font-medium text-sm">{text.picture.title}</h3>
      <GrowingPicture picture={data} label={fill(text.picture.label, { job: job.name })} />
    </div>
  ) : null;
}

function Preview({ job }: { job: JobView }) {
  const { text } = useWords();
  const { page } = text.jobs;
  const { data: sample, error } = useQuery(previewQuery({ ...job, hasEnded: !isOpen(job.state) }));
  if (error && !sample) {
    return <ErrorNote error={error} className="mt-4" />;
  }
  if (!sample) return null;
  return (
    <div className="mt-4">
      <h3 className="mb-2 font-medium text-sm">{page.preview}</h3>
      <OutputView sample={sample} format={job.reduction?.format ?? job.format} label={page.preview} />
    </div>
  );
}
