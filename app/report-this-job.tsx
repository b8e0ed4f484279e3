"use client";

import type { JobId } from "#lib/domain/ids.ts";
import { ReportButton } from "#lib/ui/controls/report-button.tsx";

/** Most people report nothing. */
async function report(jobId: JobId, text: string): Promise<void> {
  await (await import("#lib/client/light/report-job.ts")).reportJob(jobId, text);
}

/** *Report this job*, wherever people meet one: signed in, or as nobody. The page around it gives the words `report`, `errors` and `states`. */
export function ReportThisJob({ jobId, name }: { jobId: JobId; name: string }) {
  return <ReportButton jobName={name} onReport={(text) => report(jobId, text)} />;
}
