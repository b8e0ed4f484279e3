import type { NetworkJob, NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { JobPurpose } from "#lib/ui/display/job-purpose.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";

/** The jobs that run, with what they are for, how far they are and why they wait. */
export function RunningJobs({ network: { jobs, jobCount } }: { network: NetworkView }) {
  const {
    text: {
      network: { jobs: text },
    },
    fill,
  } = useWords();
  return (
    <Card aria-labelledby="running-jobs">
      <CardHead id="running-jobs" title={text.title} />
      {jobs.length === 0 ? <p className="text-quiet text-sm">{text.none}</p> : null}
      <ul className="divide-y divide-line">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {jobCount > jobs.length ? <p className="mt-4 text-quiet text-sm">{fill(text.more, { more: jobCount - jobs.length })}</p> : null}
    </Card>
  );
}

function JobRow({ job }: { job: NetworkJob }) {
  const {
    text: {
      network: { jobs: text, waits },
    },
    format,
    fill,
  } = useWords();
  const done = job.acceptedCount + job.failedCount;
  const words = fill(text.progress, { done, all: job.shardCount }) + (job.failedCount > 0 ? fill(text.failedToo, { failed: job.failedCount }) : "");
  return (
    <li className="grid gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_16rem]">
      <JobPurpose name={job.name} topic={job.topic} owner={job.owner} description={job.description} />
      <div className="text-quiet text-xs">
        <Progress label={fill(text.progressLabel, { name: job.name })} max={job.shardCount} done={done} bad={job.failedCount} text={words} />
        <p className="mt-1">{words}</p>
        {job.devices > 0 ? <p>{format.count(job.devices, text.devices)}</p> : null}
        {job.isDonation ? <p>{text.donation}</p> : null}
        {job.wait ? <p>{waits[job.wait]}</p> : null}
      </div>
    </li>
  );
}
