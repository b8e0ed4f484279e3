import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { noticeSettingsQuery, noticesQuery, PAGE_NOTICES, unreadQuery } from "#lib/client/queries/notices.ts";
import { pushQuery } from "#lib/client/queries/push.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { countUnread, getNoticeSettings, listNotices } from "#lib/server/notices/feed.ts";
import { getPush } from "#lib/server/push/subscriptions.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { NoticeList } from "./notice-list.tsx";
import { NoticeSettingsCard } from "./notice-settings-card.tsx";
import { PushCard } from "./push-card.tsx";
import { ReadAll } from "./read-all.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.notices.title };
}

export default async function NotificationsPage() {
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { ctx } = owner;
  const { title, lead } = (await readWords()).text.notices;
  const client = createQueryClient();
  const unread = await countUnread(ctx, {});
  client.setQueryData(unreadQuery.queryKey, unread);
  await Promise.all([
    client.prefetchInfiniteQuery({ ...noticesQuery(unread.newest), queryFn: () => listNotices(ctx, { limit: PAGE_NOTICES }) }),
    client.prefetchQuery({ ...pushQuery, queryFn: () => getPush(ctx, {}) }),
    client.prefetchQuery({ ...noticeSettingsQuery, queryFn: async () => (await getNoticeSettings(ctx, {})).settings }),
  ]);
  return (
    <GiveWords sections={["notices"]}>
      <HydrationBoundary state={dehydrate(client)}>
        <PageHead title={title} lead={lead}>
          <ReadAll />
        </PageHead>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
          <NoticeList />
          <div className="grid min-w-0 gap-4">
            <PushCard />
            <NoticeSettingsCard />
          </div>
        </div>
      </HydrationBoundary>
    </GiveWords>
  );
}
