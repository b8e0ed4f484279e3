import { useInfiniteQuery } from "@tanstack/react-query";
import { failedShardsQuery } from "#lib/client/queries/jobs.ts";
import type { JobView, ShardView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** The shards that failed, each with why, and what every device saw: exit code, trap, log. */
export function FailedShards({ job }: { job: JobView }) {
  const { text, fill } = useWords();
  const { page } = text.jobs;
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(failedShardsQuery(job.id, job.failedCount));
  return (
    <Card>
      <CardHead title={page.failures}>
        <Badge tone="bad">{fill(page.failedShards, { failed: job.failedCount })}</Badge>
      </CardHead>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={page.failuresLoading} /> : null}
      <ul className="divide-y divide-line">
        {data?.pages
          .flatMap((page) => page.shards)
          .map((shard) => (
            <FailedShard key={shard.no} shard={shard} />
          ))}
      </ul>
      {hasNextPage ? (
        <Button size="small" className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {page.failuresMore}
        </Button>
      ) : null}
    </Card>
  );
}

function FailedShard({ shard }: { shard: ShardView }) {
  const words = useWords();
  const { text, fill } = words;
  const { page } = text.jobs;
  return (
    <li>
      <details className="group py-3">
        <summary className="flex flex-wrap items-baseline gap-x-3 rounded-control text-sm">
          <span className="font-medium">{fill(page.shard, { no: shard.no })}</span>
          <span className="min-w-0 flex-1 text-quiet">{reasonInWords(words, shard)}</span>
        </summary>
        <ul className="mt-3 space-y-4">
          {shard.replicas.map((replica) => (
            <Replica key={replica.device} replica={replica} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function reasonInWords({ sayCode }: Words, { reason, outcome, replicas }: ShardView): string {
  if (!reason) return "";
  return sayCode(reason.code, { replicas: replicas.length, ...(outcome ? { outcome } : {}) }) ?? reason.message;
}

/** What one device reported of a shard: how it ended, how long it ran, and its log. */
export function Replica({ replica }: { replica: ShardView["replicas"][number] }) {
  const { text, format, fill } = useWords();
  const { page } = text.jobs;
  const { device, outcome, exitCode, trap, stderr, durationMs, agreed } = replica;
  return (
    <li className="space-y-2 text-sm">
      <p className="flex flex-wrap gap-x-3 gap-y-1">
        <Badge tone={agreed === "no" ? "bad" : "neutral"}>{text.states.outcomes[outcome]}</Badge>
        {exitCode === null ? null : <span>{fill(page.exitCode, { code: exitCode })}</span>}
        {trap === null ? null : <span>{fill(page.trap, { trap })}</span>}
        <span className="text-quiet">{fill(page.took1, { time: format.duration(durationMs) })}</span>
        <span className="break-all font-mono text-quiet text-xs leading-5">{device}</span>
      </p>
      {stderr === null ? null : stderr === "" ? <p className="text-quiet">{page.stderrNone}</p> : <CodeBlock label={page.stderr} text={stderr} />}
    </li>
  );
}
