import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { poolsQuery } from "#lib/client/queries/pools.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { listPools } from "#lib/server/pools/list-pools.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { CodeForm } from "./code-form.tsx";
import { CreatePool } from "./create-pool.tsx";
import { DevicePools } from "./device-pools.tsx";
import { PoolList } from "./pool-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.pools.title };
}

export default async function PoolsPage() {
  const owner = await readOwner();
  const { title, lead } = (await readWords()).text.pools;
  const client = createQueryClient();
  if (owner.account) await client.prefetchQuery({ ...poolsQuery, queryFn: async () => (await listPools(owner.ctx)).pools });
  return (
    <>
      <PageHead title={title} lead={lead} />
      <HydrationBoundary state={dehydrate(client)}>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
          <div className="grid min-w-0 gap-4">{owner.account ? <PoolList /> : <SignInDoor owner={owner} isSecond />}</div>
          <div className="grid min-w-0 gap-4">
            {owner.account ? <CreatePool /> : null}
            <CodeForm />
            <DevicePools />
          </div>
        </div>
      </HydrationBoundary>
    </>
  );
}
