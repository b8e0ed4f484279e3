"use client";

import { useState } from "react";
import { usePicture } from "#lib/client/light/use-picture.ts";
import { usePoll } from "#lib/client/light/use-poll.ts";
import type { NetworkJob } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { GrowingPicture } from "#lib/ui/output/growing-picture.tsx";
import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";

/** Whether a job is published changes seldom. */
const ASKED_MS = 30_000;

type Job = EngineSnapshot["jobs"][number];

/** The growing pictures of the jobs that this tab computes, or computed last: those whose owners show them. */
export function Pictures({ jobs }: { jobs: readonly Job[] }) {
  const [shown, setShown] = useState(jobs);
  // Between two grants a tab holds no job for a moment.
  if (jobs.length > 0 && idsOf(jobs) !== idsOf(shown)) setShown(jobs);
  return shown.map((job) => <JobPicture key={job.jobId} job={job} />);
}

const idsOf = (jobs: readonly Job[]): string => jobs.map(({ jobId }) => jobId).join();

function JobPicture({ job }: { job: Job }) {
  const { data } = usePoll<{ job: NetworkJob | null }>(`/api/v1/network/jobs/${job.jobId}`, ASKED_MS);
  const [hasPicture, setPicture] = useState(false);
  // A job that ended while its picture was looked at keeps it.
  if (data?.job && data.job.hasPicture !== hasPicture) setPicture(data.job.hasPicture);
  return hasPicture ? <Shown job={job} /> : null;
}

function Shown({ job }: { job: Job }) {
  const {
    text: { picture: text },
    fill,
  } = useWords();
  const { data } = usePicture(`/api/v1/results/${job.jobId}/picture`);
  if (!data) return null;
  return (
    <section aria-label={text.title}>
      <h3 className="mb-2 font-medium text-sm">{text.title}</h3>
      <GrowingPicture picture={data} label={fill(text.label, { job: job.name })} />
    </section>
  );
}
