import { useQuery } from "@tanstack/react-query";
import { historyQuery } from "#lib/client/queries/job-insight.ts";
import type { JobHistory } from "#lib/protocol/jobs/insight.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { BarChart } from "#lib/ui/charts/bar-chart.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, Table } from "#lib/ui/display/table.tsx";

/** How fast the job got its verdicts and how long its replicas ran, over its life; as bars and as a table. */
export function JobCharts({ job }: { job: JobView }) {
  const { text } = useWords();
  const { charts } = text.studio;
  const { data, error } = useQuery(historyQuery(job));
  const isEmpty = data?.spans.every(({ shardsPerMinute }) => shardsPerMinute === 0);
  return (
    <Card>
      <CardHead title={charts.title} />
      {error && !data ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={charts.loading} lines={6} /> : null}
      {data && isEmpty ? <p className="text-quiet text-sm">{charts.none}</p> : null}
      {data && !isEmpty ? <Charts history={data} /> : null}
    </Card>
  );
}

function Charts({ history: { spans, every } }: { history: JobHistory }) {
  const { text, format, fill } = useWords();
  const { charts } = text.studio;
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return null;
  const lengthMs = Date.parse(last.to) - Date.parse(first.from);
  const barsOf = (numberOf: (span: JobHistory["spans"][number]) => number | null) =>
    spans.map((span) => ({ fromMs: Date.parse(span.from), toMs: Date.parse(span.to), value: numberOf(span) }));
  const formatTime = (atMs: number) => format.edge(new Date(atMs), lengthMs);
  const latest = spans.findLast(({ medianMs }) => medianMs !== null);
  const ranSummary = fill(charts.ranSummary, {
    most: format.duration(Math.max(...spans.map(({ medianMs }) => medianMs ?? 0))),
    last: format.duration(latest?.medianMs ?? 0),
    slow: format.duration(latest?.slowMs ?? 0),
  });
  const rateSummary = fill(charts.rateSummary, {
    most: format.measure(Math.max(...spans.map(({ shardsPerMinute }) => shardsPerMinute))),
    last: format.measure(last.shardsPerMinute),
  });
  return (
    <>
      <div className="grid gap-6 xl:grid-cols-2">
        <div>
          <h3 className="mb-2 font-medium text-sm">{charts.rate}</h3>
          <BarChart
            spans={barsOf((span) => span.shardsPerMinute)}
            lengthMs={lengthMs}
            summary={rateSummary}
            formatValue={format.measure}
            formatTime={formatTime}
          />
        </div>
        <div>
          <h3 className="mb-2 font-medium text-sm">{charts.ran}</h3>
          <BarChart spans={barsOf((span) => span.medianMs)} lengthMs={lengthMs} summary={ranSummary} formatValue={format.duration} formatTime={formatTime} />
        </div>
      </div>
      {every > 1 ? <p className="mt-2 text-quiet text-xs">{fill(charts.sampled, { every: format.number(every) })}</p> : null}
      <details className="mt-3">
        <summary className="rounded-control py-1 text-quiet text-sm">{charts.table}</summary>
        <div className="max-h-80 overflow-y-auto">
          <Table caption={charts.title} columns={[charts.from, charts.rate, charts.median, charts.slow]} amounts={[1, 2, 3]}>
            {spans.map((span) => (
              <tr key={span.from}>
                <td>{formatTime(Date.parse(span.from))}</td>
                <AmountCell>{format.measure(span.shardsPerMinute)}</AmountCell>
                <AmountCell>{span.medianMs === null ? "–" : format.duration(span.medianMs)}</AmountCell>
                <AmountCell>{span.slowMs === null ? "–" : format.duration(span.slowMs)}</AmountCell>
              </tr>
            ))}
          </Table>
        </div>
      </details>
    </>
  );
}
