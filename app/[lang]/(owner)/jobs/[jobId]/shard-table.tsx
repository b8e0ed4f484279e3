import { type ReactNode, useState } from "react";
import { type ShardVerdict, useShardsByNumber, useShardsByVerdict } from "#lib/client/queries/shard-pages.ts";
import type { JobView, ShardView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Select } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { type RowRange, VirtualTable } from "#lib/ui/virtual/virtual-table.tsx";

/** Browsers draw no box much higher than this many rows. */
const ROWS_MAX = 400_000;
const VERDICTS: readonly ShardVerdict[] = ["accepted", "failed"];

/** Every shard with its verdict and how it ended, read as far as it is scrolled to; nothing is read before it is opened. */
export function ShardTable({ job }: { job: JobView }) {
  const { text } = useWords();
  const { shards } = text.jobs;
  const [isOpen, setOpen] = useState(false);
  const [only, setOnly] = useState<ShardVerdict | null>(null);
  return (
    <Card>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="rounded-control font-semibold text-base">{shards.title}</summary>
        {isOpen ? (
          <div className="mt-4 space-y-4">
            <div className="flex items-center gap-3 text-sm">
              <label htmlFor="only-verdict" className="text-quiet">
                {shards.only}
              </label>
              <Select
                id="only-verdict"
                className="w-auto!"
                value={only ?? ""}
                onChange={(event) => setOnly(VERDICTS.find((verdict) => verdict === event.target.value) ?? null)}
              >
                <option value="">{shards.all}</option>
                {VERDICTS.map((verdict) => (
                  <option key={verdict} value={verdict}>
                    {shards[verdict]}
                  </option>
                ))}
              </Select>
            </div>
            {only ? <ByVerdict key={only} job={job} verdict={only} /> : <ByNumber job={job} />}
          </div>
        ) : null}
      </details>
    </Card>
  );
}

function ByNumber({ job }: { job: JobView }) {
  const words = useWords();
  const { shards } = words.text.jobs;
  const [range, setRange] = useState<RowRange>({ first: 0, last: 0 });
  const { find, error, retry } = useShardsByNumber(job, range);
  const rowCount = Math.min(job.shardCount, ROWS_MAX);
  return (
    <>
      {error ? <RefreshNote error={error} hasOlder={find(range.first) !== undefined} onRetry={retry} /> : null}
      <VirtualTable
        caption={shards.caption}
        columns={Object.values(shards.columns)}
        rowCount={rowCount}
        totalCount={job.shardCount}
        onRange={setRange}
        renderRows={({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, i) => ({ key: first + i, cells: cellsOf(words, first + i, find(first + i)) }))
        }
      />
      {rowCount < job.shardCount ? <p className="text-quiet text-sm">{words.fill(shards.first, { count: rowCount })}</p> : null}
    </>
  );
}

function ByVerdict({ job, verdict }: { job: JobView; verdict: ShardVerdict }) {
  const words = useWords();
  const text = words.text.jobs.shards;
  const { shards, error, retry, readMore } = useShardsByVerdict(job.id, verdict);
  return (
    <>
      {error ? <RefreshNote error={error} hasOlder={shards !== undefined} onRetry={retry} /> : null}
      {shards?.length === 0 ? <p className="text-quiet text-sm">{text.none}</p> : null}
      {shards && shards.length > 0 ? (
        <VirtualTable
          caption={text.caption}
          columns={Object.values(text.columns)}
          rowCount={shards.length}
          totalCount={Math.max(shards.length, verdict === "failed" ? job.failedCount : job.acceptedCount)}
          onRange={({ last }) => {
            if (last >= shards.length - 1) readMore();
          }}
          renderRows={({ first, last }) => shards.slice(first, last + 1).map((shard) => ({ key: shard.no, cells: cellsOf(words, shard.no, shard) }))}
        />
      ) : null}
    </>
  );
}

/** `undefined` is a shard that is being read, null one without a verdict. */
function cellsOf({ text, format }: Words, no: number, shard: ShardView | null | undefined): ReactNode {
  const { shards } = text.jobs;
  if (!shard) {
    return (
      <>
        <td>{format.number(no)}</td>
        <td colSpan={5} className="text-quiet">
          {shard === null ? shards.undecided : shards.loading}
        </td>
      </>
    );
  }
  const { verdict, outcome, replicas, outputBytes } = shard;
  const longestMs = Math.max(0, ...replicas.map((replica) => replica.durationMs));
  return (
    <>
      <td>{format.number(no)}</td>
      <td>{verdict ? <Badge tone={verdict === "accepted" ? "good" : "bad"}>{shards[verdict]}</Badge> : shards.undecided}</td>
      <td className="max-w-48">{outcome ? text.states.outcomes[outcome] : null}</td>
      <td>{format.number(replicas.length)}</td>
      <td className="whitespace-nowrap">{format.duration(longestMs)}</td>
      <td className="whitespace-nowrap">{format.bytes(outputBytes)}</td>
    </>
  );
}
