import type { Metadata } from "next";
import Link from "next/link";
import { isTemplate } from "#lib/protocol/templates/templates.ts";
import { readLegalText } from "#lib/server/docs/read-legal-text.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { SubmitForm } from "./submit-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.submit.title };
}

type Props = { searchParams: Promise<{ template?: string | string[] }> };

export default async function NewJobPage({ searchParams }: Props) {
  const { template } = await searchParams;
  const { text } = await readWords();
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { version } = await readLegalText("terms", owner.ctx.config.legalFolder);
  return (
    <>
      <PageHead title={text.submit.title} lead={text.submit.lead}>
        <Link href="/templates" prefetch={false} className={buttonLook()}>
          {text.templates.title}
        </Link>
      </PageHead>
      <SubmitForm
        account={owner.account.id}
        feeBps={owner.ctx.config.feeBps}
        asset={owner.ctx.config.asset}
        termsVersion={version}
        template={typeof template === "string" && isTemplate(template) ? template : null}
      />
    </>
  );
}
