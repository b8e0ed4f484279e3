"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { instanceJobsQuery } from "#lib/client/queries/operations.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listInstanceJobs } from "#lib/protocol/instance/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { JobStateBadge } from "../jobs/job-state-badge.tsx";
import { Asked } from "./asked.tsx";
import { JobRuling } from "./job-ruling.tsx";

type InstanceJob = OutputOf<typeof listInstanceJobs>["jobs"][number];
const SEARCH_ID = "search-instance-jobs";

/** Everybody's jobs, those that are open first, with what an operator can do to each. */
export function InstanceJobs() {
  const { jobs: words } = useWords().text.admin;
  const [search, setSearch] = useState("");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(instanceJobsQuery(useDeferredValue(search.trim())));
  const jobs = data?.pages.flatMap((page) => page.jobs);
  return (
    <Card aria-labelledby="admin-jobs">
      <CardHead id="admin-jobs" title={words.title} />
      <search>
        <Field id={SEARCH_ID} label={words.search} hint={words.searchHint} className="mb-4">
          <Input
            {...controlProps(SEARCH_ID, { hint: words.searchHint })}
            type="search"
            maxLength={120}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </Field>
      </search>
      <Asked query={{ data: jobs, error, refetch }}>
        {(found) =>
          found.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="divide-y divide-line text-sm">
              {found.map((job) => (
                <JobRow key={job.jobId} job={job} />
              ))}
            </ul>
          )
        }
      </Asked>
      {hasNextPage ? (
        <Button size="small" className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      ) : null}
    </Card>
  );
}

function JobRow({ job }: { job: InstanceJob }) {
  const { text, format, fill } = useWords();
  const { jobs: words } = text.admin;
  return (
    <li className="grid gap-2 py-4 first:pt-0 last:pb-0">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 [overflow-wrap:anywhere]">
        <span className="min-w-0 font-medium">
          <bdi>{job.name}</bdi>
        </span>
        <JobStateBadge state={job.state} />
        {job.isHeld ? <Badge tone="warn">{words.held}</Badge> : null}
        {job.reports > 0 ? <Badge tone="bad">{format.count(job.reports, words.reports)}</Badge> : null}
      </div>
      <p className="text-quiet text-xs [overflow-wrap:anywhere]">
        {`${shortAccountName(job.owner)} · ${fill(words.progress, { done: job.acceptedCount, all: job.shardCount })} · `}
        <Moment at={job.createdAt} />
        <span className="block font-mono">{job.jobId}</span>
      </p>
      <JobRuling job={job} canHold={!job.isHeld && job.state === "running"} />
    </li>
  );
}
