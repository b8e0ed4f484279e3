import { useQuery } from "@tanstack/react-query";
import { failuresQuery } from "#lib/client/queries/job-insight.ts";
import type { FailureGroups as Groups } from "#lib/protocol/jobs/insight.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { RerunFailed } from "./rerun-failed.tsx";

/** Failed shards by how they failed, so that a thousand of one cause read as one, each with the log of its first. */
export function FailureGroups({ job }: { job: JobView }) {
  const { text, fill } = useWords();
  const words = text.studio.groups;
  const { data, error } = useQuery(failuresQuery(job.id, job.failedCount));
  return (
    <Card>
      <CardHead title={words.title} />
      {error && !data ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={words.loading} /> : null}
      <ul className="divide-y divide-line">
        {data?.groups.map((group) => (
          <Group key={`${group.reason?.code} ${group.outcome} ${group.exitCode} ${group.trap}`} group={group} />
        ))}
      </ul>
      {data && data.looked < job.failedCount ? <p className="mt-3 text-quiet text-sm">{fill(words.looked, { count: data.looked })}</p> : null}
      <RerunFailed job={job} />
    </Card>
  );
}

type Group = Groups["groups"][number];

function Group({ group }: { group: Group }) {
  const words = useWords();
  const { text, format, fill } = words;
  const { groups } = text.studio;
  const { count, shards, stderr } = group;
  const [first = 0] = shards;
  const label = fill(groups.log, { no: first });
  return (
    <li className="space-y-2 py-3 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Badge tone="bad">{fill(groups.count, { count: format.count(count, text.jobs.shardWords) })}</Badge>
        <span className="font-medium">{endInWords(words, group)}</span>
        <span className="text-quiet">{fill(groups.first, { shards: shards.map((no) => format.number(no)).join(", ") })}</span>
      </p>
      {stderr ? (
        <details>
          <summary className="rounded-control py-1 text-quiet">{label}</summary>
          <CodeBlock label={label} text={stderr} />
        </details>
      ) : null}
    </li>
  );
}

function endInWords({ text, fill, sayCode }: Words, { reason, outcome, exitCode, trap }: Group): string {
  const { page } = text.jobs;
  if (exitCode !== null) return fill(page.exitCode, { code: exitCode });
  if (trap !== null) return fill(page.trap, { trap });
  if (outcome) return text.states.outcomes[outcome];
  return reason ? (sayCode(reason.code) ?? reason.message) : "";
}
