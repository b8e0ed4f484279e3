"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useDeferredValue, useState } from "react";
import { type JobFilter, jobsQuery } from "#lib/client/queries/jobs.ts";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import type { JobSummary } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { WindowList } from "#lib/ui/virtual/window-list.tsx";
import { JobStateBadge } from "./job-state-badge.tsx";

const ROW_PX = 74;
const ALL: JobFilter = { state: null, search: "" };

/** The account's jobs, newest first, however many there are. What is known stays while it is refreshed or cannot be. */
export function JobList() {
  const { text } = useWords();
  const { list } = text.jobs;
  const [filter, setFilter] = useState<JobFilter>(ALL);
  // The field keeps up with whoever types; the list follows when there is time.
  const asked = useDeferredValue(filter);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(jobsQuery(asked));
  const jobs = data?.pages.flatMap((page) => page.jobs);
  const isFiltered = asked.state !== null || asked.search !== "";
  const isNew = jobs?.length === 0 && !isFiltered && !isPlaceholderData;
  return (
    <div className="space-y-4">
      {error ? <RefreshNote error={error} hasOlder={jobs !== undefined} onRetry={() => void refetch()} /> : null}
      {isNew ? (
        <EmptyState title={list.empty} text={list.emptyText}>
          <Link href="/jobs/new" className={buttonLook({ kind: "primary" })}>
            {list.new}
          </Link>
        </EmptyState>
      ) : (
        <Filter filter={filter} onFilter={setFilter} />
      )}
      {!jobs && !error ? <Skeleton label={list.loading} lines={6} /> : null}
      {jobs?.length === 0 && isFiltered ? (
        <EmptyState title={list.noneSuch}>
          <Button onClick={() => setFilter(ALL)}>{list.showAll}</Button>
        </EmptyState>
      ) : null}
      {jobs && jobs.length > 0 ? (
        <WindowList
          key={`${asked.state} ${asked.search}`}
          items={jobs}
          rowHeightPx={ROW_PX}
          keyOf={(job) => job.id}
          renderItem={(job) => <JobRow job={job} />}
          onNearEnd={() => {
            if (hasNextPage && !isFetching) void fetchNextPage();
          }}
          className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface"
        />
      ) : null}
      {hasNextPage ? (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {list.more}
        </Button>
      ) : null}
    </div>
  );
}

function Filter({ filter, onFilter }: { filter: JobFilter; onFilter: (filter: JobFilter) => void }) {
  const { text } = useWords();
  const { list } = text.jobs;
  return (
    <search className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-3 text-sm sm:flex">
      <label htmlFor="search-jobs" className="text-quiet">
        {list.search}
      </label>
      <Input
        id="search-jobs"
        type="search"
        maxLength={120}
        className="sm:w-64!"
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.target.value })}
      />
      <label htmlFor="only-state" className="text-quiet">
        {list.only}
      </label>
      <Select
        id="only-state"
        className="sm:w-auto!"
        value={filter.state ?? ""}
        onChange={(event) => onFilter({ ...filter, state: JOB_STATES.find((state) => state === event.target.value) ?? null })}
      >
        <option value="">{list.all}</option>
        {JOB_STATES.map((state) => (
          <option key={state} value={state}>
            {text.states.jobStates[state].label}
          </option>
        ))}
      </Select>
    </search>
  );
}

function JobRow({ job }: { job: JobSummary }) {
  const { text, fill } = useWords();
  const { list } = text.jobs;
  const done = job.acceptedCount + job.failedCount;
  const words = fill(list.progress, { done, all: job.shardCount }) + (job.failedCount > 0 ? fill(list.failedToo, { failed: job.failedCount }) : "");
  return (
    <Link
      href={`/jobs/${job.id}`}
      className="grid gap-x-6 gap-y-2 p-4 -outline-offset-2 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_14rem_8rem] sm:items-center sm:px-6"
    >
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 truncate font-medium">{job.name}</span>
        <JobStateBadge state={job.state} />
        {job.pool ? <Badge>{text.pools.badge}</Badge> : null}
      </div>
      <div>
        <Progress label={text.jobs.page.progressLabel} max={job.shardCount} done={done} bad={job.failedCount} text={words} />
        <p className="mt-1 text-quiet text-xs">{words}</p>
      </div>
      <p className="text-quiet text-sm sm:text-right">
        <Moment at={job.createdAt} />
      </p>
    </Link>
  );
}
