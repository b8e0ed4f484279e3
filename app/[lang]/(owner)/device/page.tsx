import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { AllowDevice } from "./allow-device.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.account.device.title };
}

export default async function DevicePage() {
  const { text } = await readWords();
  const { device } = text.account;
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  return (
    <>
      <PageHead title={device.title} lead={device.lead} />
      <AllowDevice asset={owner.account.balance.asset} />
    </>
  );
}
