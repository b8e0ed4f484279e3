"use client";

import { usePoll } from "#lib/client/light/use-poll.ts";
import { type Served, serves } from "#lib/domain/dispatch/serves.ts";
import type { NetworkJob, NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { JobPurpose } from "#lib/ui/display/job-purpose.tsx";
import { ReportThisJob } from "../../../report-this-job.tsx";

const SHOWN_MAX = 3;
const ASKED_MS = 10_000;

/** The jobs a tab that starts now would get shards of. */
export function WaitingJobs({ served }: { served: Served | null }) {
  const {
    volunteer: { card: text },
    site,
  } = useWords().text;
  const { data, isSilent } = usePoll<NetworkView>("/api/v1/network", ASKED_MS);
  return (
    <div>
      <dt className="font-medium text-sm">{text.waiting}</dt>
      <dd className="mt-0.5 text-quiet text-sm">
        {data ? (
          <Waiting jobs={data.jobs.filter((job) => job.isOffered && serves(served, { jobId: job.id, topic: job.topic }))} />
        ) : (
          <p role="status">{isSilent ? text.waitingUnknown : site.loading}</p>
        )}
      </dd>
    </div>
  );
}

function Waiting({ jobs }: { jobs: NetworkJob[] }) {
  const {
    text: {
      volunteer: { card: text },
    },
    fill,
  } = useWords();
  if (jobs.length === 0) return <p>{text.waitingNone}</p>;
  return (
    <>
      <ul className="mt-1 space-y-2">
        {jobs.slice(0, SHOWN_MAX).map(({ id, name, topic, owner, description }) => (
          <li key={id} className="rounded-control bg-sunken px-3 py-2 text-ink">
            <JobPurpose name={name} topic={topic} owner={owner} description={description}>
              <ReportThisJob jobId={id} name={name} />
            </JobPurpose>
          </li>
        ))}
      </ul>
      {jobs.length > SHOWN_MAX ? <p className="mt-2">{fill(text.waitingMore, { more: jobs.length - SHOWN_MAX })}</p> : null}
    </>
  );
}
