import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { outputQuery, outputUrl, shardQuery } from "#lib/client/queries/job-insight.ts";
import type { JobView, ShardView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { OutputView } from "#lib/ui/output/output-view.tsx";
import { Replica } from "./failed-shards.tsx";

type LensProps = { job: JobView; no: number | null; onNo: (no: number | null) => void };

/** One shard from near: its verdict, its output, and what each replica did. Nothing is read before one is asked for, here or by a mark of the picture. */
export function ShardLens({ job, no, onNo }: LensProps) {
  const { text } = useWords();
  return (
    <Card>
      <details
        open={no !== null}
        onToggle={({ currentTarget }) => {
          if (currentTarget.open !== (no !== null)) onNo(currentTarget.open ? 0 : null);
        }}
      >
        <summary className="rounded-control font-semibold text-base">{text.studio.lens.title}</summary>
        {no === null ? null : (
          <>
            <ShardChoice last={job.shardCount - 1} no={no} onNo={onNo} />
            <Shard job={job} no={no} />
          </>
        )}
      </details>
    </Card>
  );
}

function ShardChoice({ last, no, onNo }: { last: number; no: number; onNo: (no: number) => void }) {
  const { text } = useWords();
  const { lens } = text.studio;
  const go = (to: number) => onNo(Math.min(last, Math.max(0, Math.round(to) || 0)));
  return (
    <div className="my-4 flex items-center gap-1">
      <Button size="icon" kind="quiet" aria-label={lens.previous} disabled={no === 0} onClick={() => go(no - 1)}>
        <ChevronLeft aria-hidden />
      </Button>
      <Input aria-label={lens.number} type="number" min={0} max={last} className="w-28!" value={no} onChange={(event) => go(event.target.valueAsNumber)} />
      <Button size="icon" kind="quiet" aria-label={lens.next} disabled={no === last} onClick={() => go(no + 1)}>
        <ChevronRight aria-hidden />
      </Button>
    </div>
  );
}

function Shard({ job, no }: { job: JobView; no: number }) {
  const { text } = useWords();
  const { lens } = text.studio;
  const { data: shard, error } = useQuery(shardQuery(job, no));
  if (error && !shard) return <ErrorNote error={error} />;
  if (shard === undefined) return <Skeleton label={lens.loading} />;
  return shard ? <ShardFacts job={job} shard={shard} /> : <p className="text-quiet text-sm">{lens.none}</p>;
}

function ShardFacts({ job, shard }: { job: JobView; shard: ShardView }) {
  const { text, format, fill } = useWords();
  const { lens } = text.studio;
  const { verdict, reason, replicas, no } = shard;
  const time = format.duration(Math.max(0, ...replicas.map(({ durationMs }) => durationMs)));
  return (
    <div className="space-y-4">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
        <Badge tone={verdict === "accepted" ? "good" : verdict ? "bad" : "neutral"}>{verdict ? text.jobs.shards[verdict] : text.jobs.shards.undecided}</Badge>
        {reason ? <span>{reason.message}</span> : null}
        <span className="text-quiet">{fill(lens.ran, { count: format.number(replicas.length), time })}</span>
      </p>
      {verdict === "accepted" ? (
        <>
          <Output job={job} shard={shard} />
          <a href={outputUrl(job.id, no)} download className={buttonLook({ size: "small" })}>
            <Download aria-hidden />
            {lens.download}
          </a>
        </>
      ) : null}
      <ul className="space-y-4">
        {replicas.map((replica) => (
          <Replica key={`${replica.device} ${replica.round}`} replica={replica} />
        ))}
      </ul>
    </div>
  );
}

function Output({ job, shard }: { job: JobView; shard: ShardView }) {
  const { text, fill } = useWords();
  const { data, error } = useQuery(outputQuery(job.id, shard));
  if (error && !data) return <ErrorNote error={error} />;
  return data ? <OutputView sample={data} format={job.format} label={fill(text.studio.lens.output, { no: shard.no })} /> : null;
}
