"use client";

import { Ban, Check, CircleCheck, CirclePause, CircleX, Coins, Hourglass, type LucideIcon, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useReadNotices } from "#lib/client/queries/notices.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import type { NoticeView } from "#lib/protocol/notices/notice-view.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { sayNotice } from "#lib/text/say-notice.ts";
import { cn } from "#lib/ui/class-names.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

const LOOKS: Record<NoticeKind, { icon: LucideIcon; tone: string }> = {
  done: { icon: CircleCheck, tone: "text-good" },
  stopped: { icon: CirclePause, tone: "text-bad" },
  budget_low: { icon: Coins, tone: "text-warn" },
  reducer_failed: { icon: CircleX, tone: "text-bad" },
  corrected: { icon: RotateCcw, tone: "text-warn" },
  taken_down: { icon: Ban, tone: "text-bad" },
  leaving: { icon: Hourglass, tone: "text-warn" },
};

/** One notice: it leads to its job, and is read once it was followed. */
export function NoticeItem({ notice }: { notice: NoticeView }) {
  const words = useWords();
  const { notices } = words.text;
  const read = useReadNotices();
  const { title, text } = sayNotice(words, notice);
  const { icon: Icon, tone } = LOOKS[notice.kind];
  const isUnread = notice.readAt === null && !read.isSuccess;
  const markRead = () => read.mutate({ nos: [notice.no] });
  return (
    <li className={cn("relative flex items-start gap-3 p-4 hover:bg-sunken sm:px-6", isUnread && "bg-accent-soft/40")}>
      <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", tone)} />
      <div className="min-w-0 flex-1 text-sm">
        {/* The whole row leads there; the button lies above. */}
        <Link
          href={`/jobs/${notice.job.id}`}
          onClick={() => {
            if (isUnread) markRead();
          }}
          className={cn("[overflow-wrap:anywhere] after:absolute after:inset-0", isUnread && "font-semibold")}
        >
          {isUnread ? <span className="sr-only">{notices.unread}: </span> : null}
          {title}
        </Link>
        {text ? <p className="mt-0.5 max-w-prose text-quiet [overflow-wrap:anywhere]">{text}</p> : null}
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-quiet text-xs">
          <Moment at={notice.at} />
          {notice.isOwn ? null : <Badge>{notices.shared}</Badge>}
        </p>
        {read.error ? <ErrorNote error={read.error} className="mt-2" isAlert /> : null}
      </div>
      {isUnread ? (
        <Button
          kind="quiet"
          size="icon"
          title={notices.read}
          aria-label={words.fill(notices.readThis, { what: title })}
          disabled={read.isPending}
          onClick={markRead}
          className="relative shrink-0"
        >
          <Check aria-hidden />
        </Button>
      ) : null}
    </li>
  );
}
