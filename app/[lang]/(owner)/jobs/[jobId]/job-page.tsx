"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jobQuery } from "#lib/client/queries/jobs.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { ExplainLink } from "#lib/ui/display/explain-link.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { ReportThisJob } from "../../../../report-this-job.tsx";
import { JobStateBadge } from "../job-state-badge.tsx";
import { FailedShards } from "./failed-shards.tsx";
import { FailureGroups } from "./failure-groups.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobCharts } from "./job-charts.tsx";
import { JobDetails } from "./job-details.tsx";
import { JobFunders } from "./job-funders.tsx";
import { JobMembers } from "./job-members.tsx";
import { JobMoney } from "./job-money.tsx";
import { JobProgress } from "./job-progress.tsx";
import { JobPublication } from "./job-publication.tsx";
import { JobResult } from "./job-result.tsx";
import { JobShare } from "./job-share.tsx";
import { JobTrust } from "./job-trust.tsx";
import { ShardLens } from "./shard-lens.tsx";
import { ShardTable } from "./shard-table.tsx";

/** One job, live: how far, how fast, what it costs, what came out, what failed. */
export function JobPage({ jobId }: { jobId: JobId }) {
  const { text } = useWords();
  const { data: job, error, refetch } = useQuery(jobQuery(jobId));
  return (
    <>
      {error ? (
        <ErrorNote
          error={error}
          isAlert
          className="mb-6"
          action={
            <Button size="small" onClick={() => void refetch()}>
              {text.site.retry}
            </Button>
          }
        />
      ) : null}
      {job ? <Loaded job={job} /> : error ? null : <Skeleton label={text.jobs.page.loading} lines={9} />}
    </>
  );
}

function Loaded({ job }: { job: JobView }) {
  const { text, fill, sayCode } = useWords();
  /** The shard that is looked at from near; null while none is. */
  const [no, setNo] = useState<number | null>(null);
  const state = text.states.jobStates[job.state];
  const reason = job.reason ? (sayCode(job.reason.code, job.reason.params) ?? job.reason.message) : null;
  return (
    <>
      <PageHead
        title={job.name}
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <JobStateBadge state={job.state} />
            <span>
              {reason ?? state.meaning} {job.reason ? <ExplainLink code={job.reason.code} /> : null}
            </span>
          </span>
        }
      >
        <JobActions job={job} />
      </PageHead>
      {job.role === "owner" ? null : (
        <Note className="mb-4" action={<ReportThisJob jobId={job.id} name={job.name} />}>
          {fill(text.studio.members.yours, { role: text.studio.members.roles[job.role] })}
        </Note>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-3">
        <div className="grid min-w-0 gap-4 lg:col-span-2">
          <JobProgress job={job} onShard={setNo} />
          <JobResult job={job} />
          {job.failedCount > 0 ? <FailureGroups job={job} /> : null}
          {job.failedCount > 0 ? <FailedShards job={job} /> : null}
          <ShardLens job={job} no={no} onNo={setNo} />
          <JobCharts job={job} />
          <ShardTable job={job} />
        </div>
        <div className="grid min-w-0 gap-4">
          <JobMoney job={job} />
          <JobFunders job={job} />
          <JobTrust job={job} />
          <JobDetails job={job} />
          {job.role === "owner" ? <JobMembers job={job} /> : null}
          {job.role === "owner" ? <JobPublication job={job} /> : null}
          <JobShare job={job} />
        </div>
      </div>
    </>
  );
}
