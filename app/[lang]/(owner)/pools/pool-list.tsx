"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { poolsQuery } from "#lib/client/queries/pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** The pools of the account. What is known stays while it is refreshed or cannot be. */
export function PoolList() {
  const { text, format } = useWords();
  const words = text.pools;
  const { data: pools, error, refetch } = useQuery(poolsQuery);
  return (
    <>
      {error ? <RefreshNote error={error} hasOlder={pools !== undefined} onRetry={() => void refetch()} /> : null}
      {!pools && !error ? <Skeleton label={words.loading} lines={4} /> : null}
      {pools?.length === 0 ? <EmptyState title={words.empty} text={words.emptyText} /> : null}
      {pools && pools.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          {pools.map((pool) => (
            <li key={pool.id}>
              <Link href={`/pools/${pool.id}`} className="flex flex-wrap items-center gap-x-4 gap-y-1 p-4 -outline-offset-2 hover:bg-sunken sm:px-6">
                <span className="min-w-0 flex-1 basis-full truncate font-medium sm:basis-40">{pool.name}</span>
                <span className="text-quiet text-sm">
                  {format.count(pool.members, words.members)} · {format.count(pool.devices, words.devices)}
                </span>
                <Badge tone={pool.role === "admin" ? "accent" : "neutral"}>{words.roles[pool.role]}</Badge>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
