import type { Metadata } from "next";
import { readLegalText } from "#lib/server/docs/read-legal-text.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { SubmitForm } from "./submit-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.submit.title };
}

export default async function NewJobPage() {
  const { text } = await readWords();
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { version } = await readLegalText("terms", owner.ctx.config.legalFolder);
  return (
    <>
      <PageHead title={text.submit.title} lead={text.submit.lead} />
      <SubmitForm account={owner.account.id} feeBps={owner.ctx.config.feeBps} asset={owner.ctx.config.asset} termsVersion={version} />
    </>
  );
}
