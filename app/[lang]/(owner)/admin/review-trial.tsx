import { useState } from "react";
import { EMPTY_FORM, type JobForm } from "#lib/client/queries/submission/job-form.ts";
import { useCopiedJob } from "#lib/client/queries/submission/use-copied-job.ts";
import { useTrial } from "#lib/client/trial/use-trial.ts";
import { useTrialRequest } from "#lib/client/trial/use-trial-request.ts";
import type { JobJson } from "#lib/protocol/jobs/job-json.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { TrialShardView } from "../jobs/new/trial-shard.tsx";

const SHARDS_MAX = 2;

/** A dry run of a waiting job in the operator's own tab, with the files that its owner uploaded: the server never runs a program. */
export function ReviewTrial({ job }: { job: JobJson }) {
  const { text, fill } = useWords();
  const { trial: words } = text.admin.reviews;
  const [copied, setCopied] = useState<{ form: JobForm; problems: readonly string[] } | null>(null);
  useCopiedJob(job, ({ form, problems }) => setCopied({ form, problems: Object.values(problems) }));
  const request = useTrialRequest(copied?.form ?? EMPTY_FORM);
  const { view, start, stop } = useTrial();
  const run = request && { ...request, parts: request.parts.slice(0, SHARDS_MAX) };
  return (
    <section aria-label={words.title} className="min-w-0 rounded-control border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium text-sm">{words.title}</h3>
        {view.isRunning ? (
          <Button size="small" onClick={stop}>
            {words.stop}
          </Button>
        ) : (
          <Button size="small" disabled={!run} onClick={() => void (run && start(run))}>
            {view.shards.length > 0 ? words.again : words.run}
          </Button>
        )}
      </div>
      <p className="mt-2 text-quiet text-sm">{run ? words.lead : words.preparing}</p>
      {copied?.problems.map((problem) => (
        <p key={problem} className="mt-2 text-bad text-sm">
          {problem}
        </p>
      ))}
      <div aria-live="polite">
        {view.isRunning ? <p className="mt-2 text-quiet text-sm">{fill(words.running, { done: view.shards.length, all: view.wanted })}</p> : null}
        {view.error ? <ErrorNote error={view.error} className="mt-3" /> : null}
      </div>
      {view.shards.map((shard) => (
        <TrialShardView key={shard.no} shard={shard} format={job.output.format} />
      ))}
    </section>
  );
}
