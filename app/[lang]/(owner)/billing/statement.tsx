"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import Link from "next/link";
import { balancesQuery, chainQuery, INVOICES_URL, STATEMENT_URL, statementQuery } from "#lib/client/queries/money.ts";
import { explorerLink, findPoolOn } from "#lib/client/wallet/pool.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, StackedTable } from "#lib/ui/display/table.tsx";

/** What moved the owner's money, newest first, and the same as files. */
export function Statement() {
  const { text, format } = useWords();
  const words = text.billing.statement;
  const { columns } = words;
  const chain = useQuery(chainQuery).data;
  const asset = useQuery(balancesQuery).data?.asset;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(statementQuery);
  const rows = data?.pages.flatMap((page) => page.rows);
  return (
    <Card>
      <CardHead title={words.title}>
        <div className="flex flex-wrap gap-2">
          <Csv href={STATEMENT_URL} label={words.csv} />
          <Csv href={INVOICES_URL} label={words.invoices} />
        </div>
      </CardHead>
      {error ? <RefreshNote error={error} hasOlder={rows !== undefined} onRetry={() => void refetch()} /> : null}
      {!rows && !error ? <Skeleton label={text.site.loading} lines={5} /> : null}
      {rows?.length === 0 ? <EmptyState title={words.none} /> : null}
      {rows && rows.length > 0 ? (
        <StackedTable caption={words.title} columns={[columns.at, columns.what, columns.amount, columns.job]} amounts={[2]}>
          {rows.map(({ id, at, kind, amountMicro, jobId, jobName, txHash, chainId }) => {
            const pool = findPoolOn(chain, chainId);
            const link = pool && txHash ? explorerLink(pool, txHash) : null;
            return (
              <tr key={id}>
                <td className="whitespace-nowrap">
                  <Moment at={at} />
                </td>
                <td>{words.kinds[kind]}</td>
                <AmountCell>{format.money(amountMicro, asset)}</AmountCell>
                <td className="min-w-36 [overflow-wrap:anywhere]">
                  {jobId ? (
                    <Link href={`/jobs/${jobId}`} prefetch={false} className="underline underline-offset-4">
                      {jobName ?? jobId}
                    </Link>
                  ) : null}
                  {link ? (
                    <a href={link} target="_blank" rel="noreferrer" className="underline underline-offset-4">
                      {text.wallet.explorer} <span className="sr-only">{text.site.opensTab}</span>
                    </a>
                  ) : null}
                </td>
              </tr>
            );
          })}
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

function Csv({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} download className={buttonLook({ size: "small" })}>
      <Download aria-hidden />
      {label}
    </a>
  );
}
