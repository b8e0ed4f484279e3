"use client";

import { useQuery } from "@tanstack/react-query";
import { noticeSettingsQuery, useSetNoticeSetting } from "#lib/client/queries/notices.ts";
import { NOTICE_TOPICS } from "#lib/domain/notice/notice.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** What the account wants to be told. */
export function NoticeSettingsCard() {
  const { text, fill } = useWords();
  const words = text.notices.settings;
  const { data: settings, error } = useQuery(noticeSettingsQuery);
  const set = useSetNoticeSetting();
  const refused = error ?? set.error;
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="max-w-prose text-quiet text-sm">{words.lead}</p>
      {refused ? <ErrorNote error={refused} className="mt-4" isAlert /> : null}
      {!settings && !error ? <Skeleton label={text.site.loading} /> : null}
      {settings ? (
        <ul className="mt-4 grid gap-4">
          {NOTICE_TOPICS.map((topic) => (
            <li key={topic}>
              <Checkbox
                label={
                  <>
                    <span className="font-medium">{words.topics[topic].name}</span>
                    <span className="block text-quiet">{words.topics[topic].text}</span>
                  </>
                }
                checked={settings[topic].feed}
                onChange={(event) => set.mutate({ topic, feed: event.target.checked, push: settings[topic].push })}
              />
              {settings[topic].feed ? (
                <Checkbox
                  className="mt-2 ml-7"
                  label={words.push}
                  aria-label={fill(words.pushOf, { topic: words.topics[topic].name })}
                  checked={settings[topic].push}
                  onChange={(event) => set.mutate({ topic, feed: true, push: event.target.checked })}
                />
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
