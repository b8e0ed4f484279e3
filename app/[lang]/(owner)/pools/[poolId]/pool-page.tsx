"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { meQuery } from "#lib/client/queries/account.ts";
import { poolQuery, useRemoveFromPool } from "#lib/client/queries/pools.ts";
import type { PoolId } from "#lib/domain/ids.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PoolDevices } from "./pool-devices.tsx";
import { PoolInvites } from "./pool-invites.tsx";
import { PoolJobs } from "./pool-jobs.tsx";
import { PoolMembers } from "./pool-members.tsx";

/** A pool as its members have it: what it computes, who belongs to it, and for admins the ways in. */
export function PoolPage({ poolId }: { poolId: PoolId }) {
  const { text, fill } = useWords();
  const words = text.pools;
  const router = useRouter();
  const { data: pool, error, refetch } = useQuery(poolQuery(poolId));
  const { data: account } = useQuery(meQuery);
  const leave = useRemoveFromPool();
  if (!pool) return error ? <ErrorNote error={error} isAlert /> : <Skeleton label={words.page.loading} lines={6} />;
  const isAdmin = pool.role === "admin";
  return (
    <>
      <PageHead title={pool.name} lead={words.roles[pool.role]}>
        <Link href={`/jobs/new?pool=${poolId}`} className={buttonLook({ kind: "primary" })}>
          <Plus aria-hidden />
          {words.page.newJob}
        </Link>
        {account ? (
          <ConfirmButton
            label={words.leave}
            title={fill(words.leaveTitle, { name: pool.name })}
            confirm={words.leave}
            keep={words.stay}
            disabled={leave.isPending}
            onConfirm={() => leave.mutate({ poolId, memberId: account.id }, { onSuccess: () => router.push("/pools") })}
          >
            <p>{words.leaveText}</p>
          </ConfirmButton>
        ) : null}
      </PageHead>
      {leave.error ? <ErrorNote error={leave.error} className="mb-4" isAlert /> : null}
      {error ? <RefreshNote className="mb-4" error={error} hasOlder onRetry={() => void refetch()} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 gap-4">
          <PoolJobs poolId={poolId} />
          <PoolMembers pool={pool} isAdmin={isAdmin} />
          <PoolDevices pool={pool} isAdmin={isAdmin} />
        </div>
        <div className="grid min-w-0 gap-4">
          {isAdmin ? <PoolInvites pool={pool} /> : null}
          <Note>{words.page.secrecy}</Note>
        </div>
      </div>
    </>
  );
}
