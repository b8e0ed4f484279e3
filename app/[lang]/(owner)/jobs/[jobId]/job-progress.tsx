import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatBytes } from "#lib/text/format/format-bytes.ts";
import { formatMeasure, formatNumber, formatShare } from "#lib/text/format/format-number.ts";
import { formatDuration } from "#lib/text/format/format-time.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { JobShoal } from "./job-shoal.tsx";

const text = en.jobs.page;

/** How far the job is, how fast, how long still, and who computes it. */
export function JobProgress({ job }: { job: JobView }) {
  const { shardCount, acceptedCount, failedCount, progress } = job;
  const done = acceptedCount + failedCount;
  const words = fill(text.verified, { accepted: acceptedCount, all: shardCount }) + (failedCount > 0 ? fill(text.failedToo, { failed: failedCount }) : "");
  return (
    <Card>
      <CardHead title={words}>
        <span className="font-semibold text-base">{formatShare(done / Math.max(1, shardCount))}</span>
      </CardHead>
      <Progress label={text.progressLabel} max={shardCount} done={done} bad={failedCount} text={words} className="h-3" />
      <p className="mt-3 text-quiet text-sm">{paceInWords(job)}</p>
      <JobShoal job={job} />
      <dl className="mt-6 grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure name={text.devices} value={formatNumber(progress.devices)} />
        <Figure name={text.replicas} value={formatNumber(progress.replicas)} />
        <Figure name={text.wrong} value={<span className={progress.wrong > 0 ? "text-bad" : undefined}>{formatNumber(progress.wrong)}</span>} />
        <Figure name={text.output} value={formatBytes(progress.outputBytes)} />
      </dl>
    </Card>
  );
}

function paceInWords({ state, createdAt, endedAt, progress }: JobView): string {
  if (!isOpen(state)) return endedAt ? fill(text.took, { time: formatDuration(Date.parse(endedAt) - Date.parse(createdAt)) }) : "";
  if (progress.devices === 0 && progress.shardsPerSecond === 0) return text.idle;
  if (progress.shardsPerSecond === 0) return text.noRate;
  const rate = fill(text.rate, { rate: formatMeasure(progress.shardsPerSecond * 60) });
  return progress.secondsLeft === null ? rate : `${rate}, ${fill(text.left, { time: formatDuration(progress.secondsLeft * 1000) })}`;
}
