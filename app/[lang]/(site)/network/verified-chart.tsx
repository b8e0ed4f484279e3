"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { networkHistoryQuery } from "#lib/client/queries/network.ts";
import { HISTORY_RANGE_MS, HISTORY_RANGES, type HistoryRange, type NetworkHistory } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { BarChart } from "#lib/ui/charts/bar-chart.tsx";
import { toCsv } from "#lib/ui/charts/to-csv.ts";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, StackedTable } from "#lib/ui/display/table.tsx";

/** Verified shards a minute over a range, as bars, as a table and as a file. */
export function VerifiedChart() {
  const {
    text: {
      network: { chart: text },
    },
  } = useWords();
  const [range, setRange] = useState<HistoryRange>("hour");
  const { data, error } = useQuery(networkHistoryQuery(range));
  return (
    <Card aria-labelledby="verified-chart">
      <CardHead id="verified-chart" title={text.title}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out beside its heading */}
        <div role="group" aria-label={text.range} className="flex gap-1">
          {HISTORY_RANGES.map((each) => (
            <Button key={each} size="small" kind={each === range ? "secondary" : "quiet"} aria-pressed={each === range} onClick={() => setRange(each)}>
              {text.ranges[each]}
            </Button>
          ))}
        </div>
      </CardHead>
      {error && !data ? <ErrorNote error={error} /> : null}
      {data ? <History history={data} /> : error ? null : <Skeleton label={text.loading} lines={6} />}
    </Card>
  );
}

function History({ history: { range, spans } }: { history: NetworkHistory }) {
  const {
    text: {
      network: { chart: text, rangeSummaries, unknown },
    },
    format,
    fill,
  } = useWords();
  const last = spans.at(-1);
  if (!last) return <p className="text-quiet text-sm">{text.empty}</p>;
  const bars = spans.map((span) => ({ fromMs: Date.parse(span.from), toMs: Date.parse(span.to), value: span.shardsPerMinute }));
  const summary = fill(text.summary, {
    range: rangeSummaries[range],
    most: format.measure(Math.max(...bars.map((bar) => bar.value ?? 0))),
    last: last.shardsPerMinute === null ? unknown : format.measure(last.shardsPerMinute),
  });
  return (
    <>
      <BarChart
        spans={bars}
        lengthMs={HISTORY_RANGE_MS[range]}
        summary={summary}
        formatValue={format.measure}
        formatTime={(atMs) => format.edge(new Date(atMs), HISTORY_RANGE_MS[range])}
      />
      {spans.some((span) => span.shardsPerMinute === null) ? <p className="mt-2 text-quiet text-xs">{text.gaps}</p> : null}
      <div className="mt-4 flex flex-wrap items-start justify-between gap-3">
        <details className="min-w-0 flex-1 basis-64">
          <summary className="rounded-control py-2 text-sm">{text.table}</summary>
          <HistoryTable spans={spans} />
        </details>
        <a href={csvOf(spans)} download={`shoal-verified-${range}.csv`} className={buttonLook({ size: "small" })}>
          <Download aria-hidden />
          {text.download}
        </a>
      </div>
    </>
  );
}

function HistoryTable({ spans }: { spans: NetworkHistory["spans"] }) {
  const {
    text: {
      network: { chart: text, unknown },
    },
    format,
  } = useWords();
  return (
    <div className="max-h-80 overflow-y-auto">
      <StackedTable caption={text.title} columns={[text.from, text.to, text.rate, text.devices]} amounts={[2, 3]}>
        {spans.toReversed().map((span) => (
          <tr key={span.to}>
            <td>{format.moment(new Date(span.from))}</td>
            <td>{format.moment(new Date(span.to))}</td>
            <AmountCell>{span.shardsPerMinute === null ? unknown : format.measure(span.shardsPerMinute)}</AmountCell>
            <AmountCell>{format.number(span.devices)}</AmountCell>
          </tr>
        ))}
      </StackedTable>
    </div>
  );
}

/** The same spans as a file that needs no further request. */
function csvOf(spans: NetworkHistory["spans"]): string {
  const rows = spans.map((span) => [span.from, span.to, span.shardsPerMinute, span.devices]);
  return `data:text/csv;charset=utf-8,${encodeURIComponent(toCsv(["from", "to", "shards_per_minute", "devices"], rows))}`;
}
