import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { NetworkStatus } from "#lib/client/light/network-status.tsx";
import { meQuery } from "#lib/client/queries/account.ts";
import { unreadQuery } from "#lib/client/queries/notices.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { QueryProvider } from "#lib/client/queries/query-provider.tsx";
import { countUnread } from "#lib/server/notices/feed.ts";
import { Toasts } from "#lib/ui/feedback/toasts.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";
import { GiveWords } from "../../give-words.tsx";
import { readWords } from "../../read-words.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Bell } from "./bell.tsx";
import { readOwner } from "./read-owner.ts";

export default async function OwnerLayout({ children }: { children: ReactNode }) {
  const [{ ctx, account }, { language, text }] = await Promise.all([readOwner(), readWords()]);
  const client = createQueryClient();
  client.setQueryData(meQuery.queryKey, account);
  if (account) client.setQueryData(unreadQuery.queryKey, await countUnread(ctx, {}));
  return (
    <QueryProvider>
      <HydrationBoundary state={dehydrate(client)}>
        <GiveWords sections={["account", "pools", "jobs", "submit", "studio", "picture", "templates", "editor", "report", "errors", "phrases", "states"]}>
          <Shell
            text={text.site}
            language={language}
            status={<NetworkStatus />}
            account={
              <>
                <Bell />
                <AccountMenu />
              </>
            }
          >
            {children}
          </Shell>
          <Toasts />
        </GiveWords>
      </HydrationBoundary>
    </QueryProvider>
  );
}
