"use client";

import { useQuery } from "@tanstack/react-query";
import { reportsQuery } from "#lib/client/queries/operations.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { JobStateBadge } from "../jobs/job-state-badge.tsx";
import { Asked } from "./asked.tsx";
import { JobRuling } from "./job-ruling.tsx";

/** What people said about jobs, the newest first. */
export function ReportList() {
  const { reports: words } = useWords().text.admin;
  const query = useQuery(reportsQuery);
  return (
    <Card aria-labelledby="admin-reports">
      <CardHead id="admin-reports" title={words.title} />
      <Asked query={query}>
        {(reports) =>
          reports.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="max-h-[40rem] divide-y divide-line overflow-y-auto text-sm">
              {reports.map((report) => (
                <li key={`${report.jobId} ${report.reportedAt}`} className="grid gap-2 py-4 first:pt-0 last:pb-0 [overflow-wrap:anywhere]">
                  <p>{report.text}</p>
                  <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-quiet text-xs">
                    <span className="font-medium text-ink">
                      <bdi>{report.name}</bdi>
                    </span>
                    <JobStateBadge state={report.state} />
                    <span>
                      {shortAccountName(report.owner)} · <Moment at={report.reportedAt} />
                    </span>
                  </div>
                  <JobRuling job={report} canHold={report.state === "running"} />
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Card>
  );
}
