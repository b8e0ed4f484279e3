"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { checkingDevicesQuery, useAddCheckingDevice, useRevokeCheckingDevice } from "#lib/client/queries/account.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { CheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { ShownOnce } from "#lib/ui/display/shown-once.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { RemovableRow } from "./removable-row.tsx";

/** Machines of the owner's that run accepted shards of their jobs once more, with what adds and revokes them. */
export function CheckingDevices({ origin }: { origin: string }) {
  const { text } = useWords();
  const words = text.account.checking;
  const { data: devices, error, refetch } = useQuery(checkingDevicesQuery);
  const add = useAddCheckingDevice();
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="max-w-prose text-quiet text-sm">
        {words.lead}{" "}
        <Link href="/docs/guide/check-your-own-jobs" prefetch={false} className="underline underline-offset-4">
          {words.more}
        </Link>
      </p>
      {error ? <RefreshNote className="mt-4" error={error} hasOlder={devices !== undefined} onRetry={() => void refetch()} /> : null}
      {!devices && !error ? <Skeleton className="mt-4" label={text.site.loading} /> : null}
      <ul className="mt-4 divide-y divide-line">
        {devices?.map((device) => (
          <DeviceRow key={device.id} device={device} />
        ))}
      </ul>
      {devices?.length === 0 ? <p className="text-sm">{words.empty}</p> : null}
      {add.data ? (
        <Code code={add.data} origin={origin} onDone={add.reset} />
      ) : (
        <Button className="mt-4" disabled={add.isPending} onClick={() => add.mutate()}>
          {words.add}
        </Button>
      )}
      {add.error ? <ErrorNote error={add.error} className="mt-4" isAlert /> : null}
    </Card>
  );
}

type CodeProps = { code: { code: string; expiresAt: string }; origin: string; onDone: () => void };

function Code({ code: { code, expiresAt }, origin, onDone }: CodeProps) {
  const { text, fill, format } = useWords();
  const words = text.account.checking;
  const line = `npm run shoal -- volunteer --server ${origin} --trusted ${code} --name checks`;
  return (
    <ShownOnce title={words.codeTitle} secret={line} words={words} onDone={onDone} className="mt-4">
      {fill(words.codeText, { until: format.moment(new Date(expiresAt)) })}
    </ShownOnce>
  );
}

function DeviceRow({ device: { id, lastSeenAt, same, unclear, other } }: { device: CheckingDevice }) {
  const { text, fill } = useWords();
  const words = text.account.checking;
  const revoke = useRevokeCheckingDevice();
  const name = shortAccountName(id);
  return (
    <RemovableRow
      name={
        <span className="font-mono" title={id}>
          {name}
        </span>
      }
      known={
        <>
          {words.seen} <Moment at={lastSeenAt} />
          {" · "}
          {fill(words.counts, { same, unclear })}
        </>
      }
      badge={other > 0 ? <Badge tone="warn">{fill(words.other, { other })}</Badge> : null}
      problem={revoke.error ? <ErrorNote error={revoke.error} className="mt-3" isAlert /> : null}
    >
      <ConfirmButton
        size="small"
        label={words.revoke}
        accessibleName={`${words.revoke} ${name}`}
        title={words.revokeTitle}
        confirm={words.revoke}
        keep={words.keep}
        disabled={revoke.isPending}
        onConfirm={() => revoke.mutate({ deviceId: id })}
      >
        <p>{words.revokeText}</p>
      </ConfirmButton>
    </RemovableRow>
  );
}
