import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { AccountData } from "./account-data.tsx";

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
      <AccountData />
    </>
  );
}
