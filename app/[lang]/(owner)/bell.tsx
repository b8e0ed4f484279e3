"use client";

import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import Link from "next/link";
import { meQuery } from "#lib/client/queries/account.ts";
import { unreadQuery } from "#lib/client/queries/notices.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";

/** More than two digits have no room. */
const SHOWN_MAX = 99;

/** The way to what the account was told, with how much of it is unread; nothing while nobody is signed in. */
export function Bell() {
  const { text, format } = useWords();
  const { bell } = text.account;
  const { data: account } = useQuery(meQuery);
  const { data } = useQuery({ ...unreadQuery, enabled: Boolean(account) });
  if (!account) return null;
  const unread = data?.unread ?? 0;
  const count = unread > 0 ? format.count(unread, bell.unread) : "";
  return (
    <>
      <Link
        href="/notifications"
        prefetch={false}
        title={bell.name}
        aria-label={count ? `${bell.name}: ${count}` : bell.name}
        className={cn(buttonLook({ kind: "quiet", size: "icon" }), "relative max-[360px]:w-8")}
      >
        <BellIcon aria-hidden />
        {unread > 0 ? (
          <span className="absolute top-0.5 right-0.5 min-w-4.5 rounded-full bg-accent px-1 text-center font-medium text-[0.6875rem] text-on-accent leading-4.5 tabular-nums">
            {unread > SHOWN_MAX ? `${SHOWN_MAX}+` : unread}
          </span>
        ) : null}
      </Link>
      {/* Said when it changes. */}
      <span role="status" className="sr-only">
        {count ? `${bell.name}: ${count}` : ""}
      </span>
    </>
  );
}
