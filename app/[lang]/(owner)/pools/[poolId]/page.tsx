import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { poolJobsQuery, poolQuery } from "#lib/client/queries/pools.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { isId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { PoolView } from "#lib/protocol/pools/pools.ts";
import { getPool } from "#lib/server/pools/get-pool.ts";
import { listPoolJobs } from "#lib/server/pools/list-pool-jobs.ts";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { PoolPage } from "./pool-page.tsx";

type Props = { params: Promise<{ poolId: string }> };

/** The pool of the page, null for somebody who has not signed in; one that they are no member of does not exist. */
const readPool = cache(async (poolId: string): Promise<PoolView | null> => {
  const { ctx, account } = await readOwner();
  if (!account) return null;
  if (!isId("pol", poolId)) notFound();
  try {
    return await getPool(ctx, { poolId });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { text } = await readWords();
  const pool = await readPool((await params).poolId);
  return { title: pool?.name ?? text.account.signIn.title };
}

export default async function PoolRoute({ params }: Props) {
  const pool = await readPool((await params).poolId);
  const owner = await readOwner();
  if (!pool) return <SignInDoor owner={owner} />;
  const client = createQueryClient();
  client.setQueryData(poolQuery(pool.id).queryKey, pool);
  await client.prefetchQuery({ ...poolJobsQuery(pool.id), queryFn: async () => (await listPoolJobs(owner.ctx, { poolId: pool.id })).jobs });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PoolPage poolId={pool.id} />
    </HydrationBoundary>
  );
}
