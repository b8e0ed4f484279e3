import type { Metadata } from "next";
import { en } from "#lib/text/en.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { SubmitForm } from "./submit-form.tsx";

export const metadata: Metadata = { title: en.submit.title };

export default async function NewJobPage() {
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  return (
    <>
      <PageHead title={en.submit.title} lead={en.submit.lead} />
      <SubmitForm feeBps={owner.ctx.config.feeBps} asset={owner.ctx.config.asset} />
    </>
  );
}
