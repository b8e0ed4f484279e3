"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { balancesQuery, chainQuery, type EarningRow, earningsQuery, earningsUrl } from "#lib/client/queries/money.ts";
import { explorerLink, findPoolOn } from "#lib/client/wallet/pool.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, StackedTable } from "#lib/ui/display/table.tsx";
import { type HistoryFilter, HistoryFilters, momentsOf } from "./history-filters.tsx";

/** Every movement of the account's earnings, newest first, by kind, device, day and job, and the same as a file. */
export function EarningHistory() {
  const { text } = useWords();
  const words = text.rewards.history;
  const { columns } = words;
  const [chosen, setChosen] = useState<HistoryFilter>({});
  const filter = momentsOf(chosen);
  const isFiltered = Object.keys(filter).length > 0;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(earningsQuery(filter));
  const rows = data?.pages.flatMap((page) => page.rows);
  return (
    <Card>
      <CardHead title={words.title}>
        <a href={earningsUrl(filter)} download className={buttonLook({ size: "small" })}>
          <Download aria-hidden />
          {words.csv}
        </a>
      </CardHead>
      {isFiltered || (rows && rows.length > 0) ? <HistoryFilters filter={chosen} onFilter={setChosen} /> : null}
      {error ? <RefreshNote error={error} hasOlder={rows !== undefined} onRetry={() => void refetch()} /> : null}
      {!rows && !error ? <Skeleton label={text.site.loading} lines={5} /> : null}
      {rows?.length === 0 ? <Nothing onAll={isFiltered ? () => setChosen({}) : null} /> : null}
      {rows && rows.length > 0 ? (
        <StackedTable caption={words.title} columns={[columns.at, columns.what, columns.amount, columns.source]} amounts={[2]}>
          {rows.map((row) => (
            <Row key={row.id} row={row} onJob={(jobId) => setChosen({ ...chosen, jobId })} />
          ))}
        </StackedTable>
      ) : null}
      {hasNextPage ? (
        <Button size="small" className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      ) : null}
    </Card>
  );
}

/** No row: because nothing happened, or because of the filter, which `onAll` takes away. */
function Nothing({ onAll }: { onAll: (() => void) | null }) {
  const words = useWords().text.rewards.history;
  if (!onAll) return <EmptyState title={words.none} text={words.noneText} />;
  return (
    <EmptyState title={words.noneSuch}>
      <Button size="small" onClick={onAll}>
        {words.showAll}
      </Button>
    </EmptyState>
  );
}

type OnJob = (jobId: JobId) => void;

function Row({ row, onJob }: { row: EarningRow; onJob: OnJob }) {
  const { text, format } = useWords();
  const { kinds } = text.rewards.history;
  const asset = useQuery(balancesQuery).data?.asset;
  const isLoss = row.kind === "taken_back";
  return (
    <tr>
      <td className="whitespace-nowrap">
        <Moment at={row.at} />
      </td>
      <td>{kinds[row.kind]}</td>
      <AmountCell>{format.money(isLoss ? `-${row.amountMicro}` : row.amountMicro, asset)}</AmountCell>
      <td className="min-w-36">
        <Source row={row} onJob={onJob} />
      </td>
    </tr>
  );
}

/** The receipt of a movement: the job and device that it is for, or the epoch and transaction it went through. */
function Source({ row: { jobId, epoch, txHash, deviceId, chainId }, onJob }: { row: EarningRow; onJob: OnJob }) {
  const { text, fill } = useWords();
  const pool = findPoolOn(useQuery(chainQuery).data, chainId);
  const link = pool && txHash ? explorerLink(pool, txHash) : null;
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 font-mono text-xs">
      {epoch === null ? null : (
        <Link href={`/api/v1/epochs/${epoch}?chainId=${chainId}`} prefetch={false} className="underline underline-offset-4">
          {fill(text.rewards.history.epoch, { no: epoch })}
        </Link>
      )}
      {jobId ? (
        <button type="button" title={fill(text.rewards.history.onlyJob, { job: jobId })} className="underline underline-offset-4" onClick={() => onJob(jobId)}>
          {shorten(jobId)}
        </button>
      ) : null}
      {deviceId ? <span title={deviceId}>{shorten(deviceId)}</span> : null}
      {txHash && link ? (
        <a href={link} target="_blank" rel="noreferrer" className="underline underline-offset-4">
          {shorten(txHash)} <span className="sr-only">{text.site.opensTab}</span>
        </a>
      ) : txHash ? (
        <span title={txHash}>{shorten(txHash)}</span>
      ) : null}
    </span>
  );
}

function shorten(id: string): string {
  return id.length > 14 ? `${id.slice(0, 10)}…` : id;
}
