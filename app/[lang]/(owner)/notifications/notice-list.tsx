"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { noticesQuery, unreadQuery } from "#lib/client/queries/notices.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { NoticeItem } from "./notice-item.tsx";

/** What the account was told, the newest first. What is known stays while it is refreshed or cannot be. */
export function NoticeList() {
  const words = useWords().text.notices;
  const newest = useQuery(unreadQuery).data?.newest ?? 0;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(noticesQuery(newest));
  const notices = data?.pages.flatMap((page) => page.notices);
  return (
    <div className="grid min-w-0 gap-4">
      {error ? <RefreshNote error={error} hasOlder={notices !== undefined} onRetry={() => void refetch()} /> : null}
      {!notices && !error ? <Skeleton label={words.loading} lines={6} /> : null}
      {notices?.length === 0 ? (
        <EmptyState title={words.empty} text={words.emptyText}>
          <Link href="/jobs" className={buttonLook()}>
            {words.emptyAction}
          </Link>
        </EmptyState>
      ) : null}
      {notices && notices.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          {notices.map((notice) => (
            <NoticeItem key={notice.no} notice={notice} />
          ))}
        </ul>
      ) : null}
      {hasNextPage ? (
        <Button className="justify-self-start" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      ) : null}
      {notices && notices.length > 0 ? <p className="text-quiet text-xs">{words.kept}</p> : null}
    </div>
  );
}
