import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { JobShoal } from "./job-shoal.tsx";

/** How far the job is, how fast, how long still, and who computes it. */
export function JobProgress({ job, onShard }: { job: JobView; onShard: (no: number) => void }) {
  const words = useWords();
  const { text, format, fill } = words;
  const { page } = text.jobs;
  const { shardCount, acceptedCount, failedCount, progress } = job;
  const done = acceptedCount + failedCount;
  const verified = fill(page.verified, { accepted: acceptedCount, all: shardCount }) + (failedCount > 0 ? fill(page.failedToo, { failed: failedCount }) : "");
  return (
    <Card>
      <CardHead title={verified}>
        <span className="font-semibold text-base">{format.share(done / Math.max(1, shardCount))}</span>
      </CardHead>
      <Progress label={page.progressLabel} max={shardCount} done={done} bad={failedCount} text={verified} className="h-3" />
      <p className="mt-3 text-quiet text-sm">{paceInWords(words, job)}</p>
      <JobShoal job={job} onShard={onShard} />
      <dl className="mt-6 grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure name={page.devices} value={format.number(progress.devices)} />
        <Figure name={page.replicas} value={format.number(progress.replicas)} />
        <Figure name={page.wrong} value={<span className={progress.wrong > 0 ? "text-bad" : undefined}>{format.number(progress.wrong)}</span>} />
        <Figure name={page.output} value={format.bytes(progress.outputBytes)} />
      </dl>
    </Card>
  );
}

function paceInWords({ text, format, fill }: Words, { state, createdAt, endedAt, progress }: JobView): string {
  const { page } = text.jobs;
  if (!isOpen(state)) return endedAt ? fill(page.took, { time: format.duration(Date.parse(endedAt) - Date.parse(createdAt)) }) : "";
  if (progress.devices === 0 && progress.shardsPerSecond === 0) return page.idle;
  if (progress.shardsPerSecond === 0) return page.noRate;
  const rate = fill(page.rate, { rate: format.measure(progress.shardsPerSecond * 60) });
  return progress.secondsLeft === null ? rate : `${rate}, ${fill(page.left, { time: format.duration(progress.secondsLeft * 1000) })}`;
}
