"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { balancesQuery, chainQuery, type EarningKind, type EarningRow, earningsQuery, earningsUrl } from "#lib/client/queries/money.ts";
import { explorerLink } from "#lib/client/wallet/pool.ts";
import { EARNING_KINDS } from "#lib/protocol/payouts/payouts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { Table } from "#lib/ui/display/table.tsx";

/** Every movement of the account's earnings, newest first, by kind, and the same as a file. */
export function EarningHistory() {
  const { text } = useWords();
  const words = text.rewards.history;
  const { columns } = words;
  const [kind, setKind] = useState<EarningKind | null>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(earningsQuery(kind));
  const rows = data?.pages.flatMap((page) => page.rows);
  return (
    <Card>
      <CardHead title={words.title}>
        <a href={earningsUrl(kind)} download className={buttonLook({ size: "small" })}>
          <Download aria-hidden />
          {words.csv}
        </a>
      </CardHead>
      <Select
        aria-label={words.filter}
        className="mb-3 max-w-72"
        value={kind ?? ""}
        onChange={(event) => setKind(EARNING_KINDS.find((one) => one === event.target.value) ?? null)}
      >
        <option value="">{words.all}</option>
        {EARNING_KINDS.map((one) => (
          <option key={one} value={one}>
            {words.kinds[one]}
          </option>
        ))}
      </Select>
      {error ? <RefreshNote error={error} hasOlder={rows !== undefined} onRetry={() => void refetch()} /> : null}
      {!rows && !error ? <Skeleton label={text.site.loading} lines={5} /> : null}
      {rows?.length === 0 ? kind ? <EmptyState title={words.noneSuch} /> : <EmptyState title={words.none} text={words.noneText} /> : null}
      {rows && rows.length > 0 ? (
        <Table caption={words.title} columns={[columns.at, columns.what, columns.amount, columns.source]}>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Table>
      ) : null}
      {hasNextPage ? (
        <Button size="small" className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      ) : null}
    </Card>
  );
}

function Row({ row }: { row: EarningRow }) {
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
      <td className="whitespace-nowrap tabular-nums">{format.money(isLoss ? `-${row.amountMicro}` : row.amountMicro, asset)}</td>
      <td>
        <Source row={row} />
      </td>
    </tr>
  );
}

/** The receipt of a movement: the job and device that it is for, or the epoch and transaction it went through. */
function Source({ row: { jobId, epoch, txHash, deviceId } }: { row: EarningRow }) {
  const { text, fill } = useWords();
  const pool = useQuery(chainQuery).data?.pool;
  const link = pool && txHash ? explorerLink(pool, txHash) : null;
  return (
    <span className="flex flex-wrap gap-x-3 font-mono text-xs">
      {epoch === null ? null : (
        <Link href={`/api/v1/epochs/${epoch}`} prefetch={false} className="underline underline-offset-4">
          {fill(text.rewards.history.epoch, { no: epoch })}
        </Link>
      )}
      {jobId ? <span title={jobId}>{shorten(jobId)}</span> : null}
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
