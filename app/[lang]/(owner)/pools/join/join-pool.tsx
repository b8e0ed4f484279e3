"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import { meQuery } from "#lib/client/queries/account.ts";
import { inviteQuery, useJoinPool } from "#lib/client/queries/pools.ts";
import { useJoinWithDevice } from "#lib/client/volunteer/device-pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { SignInWays } from "../../sign-in-card.tsx";

type Instance = { chainId: number; isDemo: boolean };

/** Asks before anything is joined: what the pool is, and how much of oneself to bring. The code is behind the #, which no server is sent. */
export function JoinPool(instance: Instance) {
  const { text, fill, format } = useWords();
  const words = text.pools;
  const code = useCode();
  const { data: invite, error } = useQuery({ ...inviteQuery(code ?? ""), enabled: Boolean(code) });
  if (code === "" || error) {
    return (
      <>
        <PageHead title={words.join.none} lead={words.join.noneText} />
        {error ? <ErrorNote error={error} className="mb-4" isAlert /> : null}
        <Link href="/pools" className={buttonLook()}>
          {words.join.toPools}
        </Link>
      </>
    );
  }
  if (!code || !invite) {
    return (
      <>
        <PageHead title={words.join.asking} />
        <Skeleton label={words.join.asking} lines={4} />
      </>
    );
  }
  const counts = `${format.count(invite.members, words.members)} · ${format.count(invite.devices, words.devices)}`;
  return (
    <>
      <PageHead title={words.join.title} lead={`${fill(words.join.lead, { name: invite.name })} ${counts}`} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <DeviceCard code={code} />
        <MemberCard code={code} instance={instance} />
      </div>
    </>
  );
}

/** What stands behind the #; "" for nothing, null before the browser has the page. */
function useCode(): string | null {
  return useSyncExternalStore(
    (onChange) => {
      window.addEventListener("hashchange", onChange);
      return () => window.removeEventListener("hashchange", onChange);
    },
    () => window.location.hash.slice(1),
    () => null,
  );
}

function DeviceCard({ code }: { code: string }) {
  const { join } = useWords().text.pools;
  const device = useJoinWithDevice();
  return (
    <Card>
      <CardHead title={join.device} />
      <p className="mb-4 text-quiet text-sm">{join.deviceText}</p>
      {device.isSuccess ? (
        <>
          <p className="mb-4" role="status">
            {join.deviceDone}
          </p>
          <Link href="/volunteer" className={buttonLook({ kind: "primary" })}>
            {join.lend}
          </Link>
        </>
      ) : (
        <Button kind="primary" disabled={device.isPending} onClick={() => device.mutate(code)}>
          {device.isPending ? join.working : join.joinDevice}
        </Button>
      )}
      {device.error ? <ErrorNote error={device.error} className="mt-4" isAlert /> : null}
    </Card>
  );
}

function MemberCard({ code, instance }: { code: string; instance: Instance }) {
  const { join } = useWords().text.pools;
  const { data: account } = useQuery(meQuery);
  const member = useJoinPool();
  return (
    <Card>
      <CardHead title={join.member} />
      <p className="mb-4 text-quiet text-sm">{join.memberText}</p>
      {member.data ? (
        <>
          <p className="mb-4" role="status">
            {join.memberDone}
          </p>
          <Link href={`/pools/${member.data.id}`} className={buttonLook({ kind: "primary" })}>
            {join.toPool}
          </Link>
        </>
      ) : account ? (
        <Button disabled={member.isPending} onClick={() => member.mutate(code)}>
          {member.isPending ? join.working : join.joinMember}
        </Button>
      ) : (
        <>
          <p className="text-sm">{join.signIn}</p>
          <SignInWays {...instance} />
        </>
      )}
      {member.error ? <ErrorNote error={member.error} className="mt-4" isAlert /> : null}
    </Card>
  );
}
