"use client";

import { useQuery } from "@tanstack/react-query";
import { PushError } from "#lib/client/push/push-here.ts";
import { pushHereQuery, pushQuery, useRemovePush, useStartPush, useStopPush } from "#lib/client/queries/push.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { getPush } from "#lib/protocol/push/push.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

type Browser = OutputOf<typeof getPush>["browsers"][number];

/** Lets notices reach this browser while no page of the instance is open, and shows which browsers they reach. */
export function PushCard() {
  const { text } = useWords();
  const words = text.notices.push;
  const { data: push, error } = useQuery(pushQuery);
  const { data: here } = useQuery(pushHereQuery);
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="max-w-prose text-quiet text-sm">{words.lead}</p>
      {error ? <ErrorNote error={error} className="mt-4" isAlert /> : null}
      {!error && !(push && here) ? <Skeleton label={text.site.loading} lines={2} /> : null}
      {push && here ? <ThisBrowser publicKey={push.publicKey} isAble={here.isAble} isOn={push.browsers.some(({ sha256 }) => sha256 === here.sha256)} /> : null}
      {push && push.browsers.length > 0 ? (
        <ul className="mt-4 divide-y divide-line border-line border-t">
          {push.browsers.map((browser) => (
            <BrowserRow key={browser.sha256} browser={browser} isHere={browser.sha256 === here?.sha256} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function ThisBrowser({ publicKey, isAble, isOn }: { publicKey: string | null; isAble: boolean; isOn: boolean }) {
  const { text, language } = useWords();
  const words = text.notices.push;
  const start = useStartPush();
  const stop = useStopPush();
  if (publicKey === null) return <Note className="mt-4">{words.off}</Note>;
  if (!isAble) return <Note className="mt-4">{words.notAble}</Note>;
  const error = start.error ?? stop.error;
  const isBusy = start.isPending || stop.isPending;
  return (
    <div className="mt-4 grid justify-items-start gap-3">
      {isOn ? (
        <Button disabled={isBusy} onClick={() => stop.mutate(undefined)}>
          {words.stop}
        </Button>
      ) : (
        <Button kind="primary" disabled={isBusy} onClick={() => start.mutate({ publicKey, language })}>
          {start.isPending ? words.starting : words.start}
        </Button>
      )}
      {error instanceof PushError ? (
        <Note tone="bad" isAlert>
          {words.problems[error.problem]}
        </Note>
      ) : error ? (
        <ErrorNote error={error} isAlert />
      ) : null}
    </div>
  );
}

function BrowserRow({ browser, isHere }: { browser: Browser; isHere: boolean }) {
  const { text, fill } = useWords();
  const words = text.notices.push;
  const remove = useRemovePush();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-40">
        <p className="[overflow-wrap:anywhere]">{browser.service}</p>
        <p className="text-quiet text-xs">
          {words.since} <Moment at={browser.createdAt} />
        </p>
      </div>
      {isHere ? (
        <Badge tone="accent">{words.here}</Badge>
      ) : (
        <Button
          size="small"
          disabled={remove.isPending}
          aria-label={fill(words.removeThis, { service: browser.service })}
          onClick={() => remove.mutate(browser.sha256)}
        >
          {words.remove}
        </Button>
      )}
      {remove.error ? <ErrorNote error={remove.error} isAlert /> : null}
    </li>
  );
}
