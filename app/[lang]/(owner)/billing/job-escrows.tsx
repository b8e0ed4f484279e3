"use client";

import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import Link from "next/link";
import { jobQuery, jobsQuery } from "#lib/client/queries/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, StackedTable } from "#lib/ui/display/table.tsx";

/** What each job that has not ended holds of the owner's money, for the newest of them. */
export function JobEscrows() {
  const { text, format } = useWords();
  const words = text.billing.escrow;
  const { columns } = words;
  const { data, error, refetch } = useInfiniteQuery(jobsQuery({ state: null, search: "" }));
  const open = data?.pages.flatMap((page) => page.jobs).filter(({ endedAt }) => endedAt === null);
  const jobs = useQueries({ queries: (open ?? []).map(({ id }) => jobQuery(id)) }).flatMap(({ data: job }) => (job ? [job] : []));
  return (
    <Card>
      <CardHead title={words.title} />
      {error ? <RefreshNote error={error} hasOlder={data !== undefined} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton label={text.site.loading} /> : null}
      {open?.length === 0 ? <p className="text-quiet text-sm">{words.none}</p> : null}
      {jobs.length > 0 ? (
        <StackedTable caption={words.title} columns={[columns.job, columns.reserved, columns.spent, columns.held]} amounts={[1, 2, 3]}>
          {jobs.map(({ id, name, money, price }) => (
            <tr key={id}>
              <td>
                <Link href={`/jobs/${id}`} prefetch={false} className="underline underline-offset-4 [overflow-wrap:anywhere]">
                  {name}
                </Link>
              </td>
              {[money.reservedMicro, money.spentMicro, BigInt(money.reservedMicro) - BigInt(money.spentMicro) - BigInt(money.returnedMicro)].map((micro, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                <AmountCell key={i}>{format.money(micro, price.asset)}</AmountCell>
              ))}
            </tr>
          ))}
        </StackedTable>
      ) : null}
    </Card>
  );
}
