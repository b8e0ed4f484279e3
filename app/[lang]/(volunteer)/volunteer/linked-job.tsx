"use client";

import { usePoll } from "#lib/client/light/use-poll.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { NetworkJob } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { JobPurpose } from "#lib/ui/display/job-purpose.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { ReportThisJob } from "../../../report-this-job.tsx";

const ASKED_MS = 10_000;

type LinkedJobProps = { jobId: JobId; isStarted: boolean; onServe: () => void; onDecline: () => void };

/** The job that a link asks for, with the way to compute for others instead; a tab that computes already asks before it changes what for. */
export function LinkedJob({ jobId, isStarted, onServe, onDecline }: LinkedJobProps) {
  const {
    text: {
      volunteer: { serving: text },
      site,
    },
  } = useWords();
  const { data, isSilent } = usePoll<{ job: NetworkJob | null }>(`/api/v1/network/jobs/${jobId}`, ASKED_MS);
  const decline = (
    <Button size="small" onClick={onDecline}>
      {text.linkedDecline}
    </Button>
  );
  if (!data) {
    return (
      <Note title={text.linked} action={decline}>
        {isSilent ? text.linkedUnknown : site.loading}
      </Note>
    );
  }
  if (!data.job) {
    return (
      <Note tone="warn" title={text.linked} action={decline}>
        {text.linkedEnded}
      </Note>
    );
  }
  return (
    <Note title={text.linked} action={decline}>
      <JobPurpose {...data.job}>
        <ReportThisJob jobId={jobId} name={data.job.name} />
      </JobPurpose>
      {isStarted ? (
        <Button size="small" className="mt-3" onClick={onServe}>
          {text.linkedServe}
        </Button>
      ) : (
        <p className="mt-2">{text.linkedHint}</p>
      )}
    </Note>
  );
}
