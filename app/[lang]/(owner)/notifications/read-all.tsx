"use client";

import { useQuery } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { unreadQuery, useReadNotices } from "#lib/client/queries/notices.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";

/** Marks everything up to the newest that this page knows of as read; nothing while nothing is unread. */
export function ReadAll() {
  const { text } = useWords();
  const { data } = useQuery(unreadQuery);
  const read = useReadNotices();
  if (!data || data.unread === 0) return null;
  return (
    <>
      <Button disabled={read.isPending} onClick={() => read.mutate({ upTo: data.newest })}>
        <CheckCheck aria-hidden />
        {text.notices.readAll}
      </Button>
      {read.error ? <ErrorNote error={read.error} isAlert /> : null}
    </>
  );
}
