import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { keysQuery } from "#lib/client/queries/account.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { listKeys } from "#lib/server/accounts/keys/list-keys.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { CreateKey } from "./create-key.tsx";
import { KeyList } from "./key-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.account.keys.title };
}

export default async function KeysPage() {
  const { text } = await readWords();
  const { keys } = text.account;
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const client = createQueryClient();
  await client.prefetchQuery({ ...keysQuery, queryFn: async () => (await listKeys(owner.ctx, {})).keys });
  return (
    <>
      <PageHead title={keys.title} lead={keys.lead} />
      <HydrationBoundary state={dehydrate(client)}>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <KeyList />
          <CreateKey asset={owner.account.balance.asset} isOperator={owner.account.roles.includes("operator")} />
        </div>
      </HydrationBoundary>
    </>
  );
}
