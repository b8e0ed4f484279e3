import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { AccountData } from "./account-data.tsx";
import { CheckingDevices } from "./checking-devices.tsx";
import { WaysIn } from "./ways-in.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.account.data.title };
}

export default async function AccountPage() {
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { data } = (await readWords()).text.account;
  return (
    <>
      <PageHead title={data.title} lead={data.lead} />
      <div className="grid max-w-3xl gap-4">
        <WaysIn chainId={owner.ctx.config.chain.id} isDemo={owner.ctx.config.demo} />
        <CheckingDevices origin={owner.ctx.config.origin} />
        <AccountData />
      </div>
    </>
  );
}
