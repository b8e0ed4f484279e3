import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { poolJobsQuery } from "#lib/client/queries/pools.ts";
import type { PoolId } from "#lib/domain/ids.ts";
import type { PoolJob } from "#lib/protocol/pools/pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { JobStateBadge } from "../../jobs/job-state-badge.tsx";

/** What the pool's devices compute; one's own jobs lead to their pages. */
export function PoolJobs({ poolId }: { poolId: PoolId }) {
  const { page } = useWords().text.pools;
  const { data: jobs, error } = useQuery(poolJobsQuery(poolId));
  return (
    <Card>
      <CardHead title={page.jobs} />
      {error && !jobs ? <ErrorNote error={error} isAlert /> : null}
      {!jobs && !error ? <Skeleton label={page.loading} lines={3} /> : null}
      {jobs?.length === 0 ? <p className="text-quiet text-sm">{page.noJobs}</p> : null}
      <ul className="divide-y divide-line">
        {jobs?.map((job) => (
          <li key={job.id} className="py-3">
            <JobRow job={job} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function JobRow({ job }: { job: PoolJob }) {
  const { text, fill } = useWords();
  const done = job.acceptedCount + job.failedCount;
  const { progress, failedToo } = text.jobs.list;
  const counts = fill(progress, { done, all: job.shardCount }) + (job.failedCount > 0 ? fill(failedToo, { failed: job.failedCount }) : "");
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        {job.isOwn ? (
          <Link href={`/jobs/${job.id}`} className="min-w-0 truncate rounded-control font-medium underline underline-offset-4">
            {job.name}
          </Link>
        ) : (
          <span className="min-w-0 truncate font-medium">{job.name}</span>
        )}
        <JobStateBadge state={job.state} />
        <span className="text-quiet">{job.isOwn ? text.pools.page.you : fill(text.pools.page.of, { owner: job.owner })}</span>
      </div>
      <Progress label={text.jobs.page.progressLabel} max={job.shardCount} done={done} bad={job.failedCount} text={counts} />
      <p className="mt-1 text-quiet text-xs">{counts}</p>
    </>
  );
}
