import type { Metadata } from "next";
import Link from "next/link";
import { isId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobJson } from "#lib/protocol/jobs/job-json.ts";
import { isTemplate } from "#lib/protocol/templates/templates.ts";
import type { Context } from "#lib/server/context.ts";
import { readLegalText } from "#lib/server/docs/read-legal-text.ts";
import { getSubmission } from "#lib/server/jobs/insight/get-submission.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { SubmitForm } from "./submit-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.submit.title };
}

type Props = { searchParams: Promise<{ template?: string | string[]; from?: string | string[]; pool?: string | string[] }> };

export default async function NewJobPage({ searchParams }: Props) {
  const { template, from, pool } = await searchParams;
  const { text } = await readWords();
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { version } = await readLegalText("terms", owner.ctx.config.legalFolder);
  const copied = await readCopied(owner.ctx, from);
  return (
    <>
      <PageHead title={text.submit.title} lead={text.submit.lead}>
        <Link href="/templates" prefetch={false} className={buttonLook()}>
          {text.templates.title}
        </Link>
      </PageHead>
      {from !== undefined && !copied ? (
        <Note tone="warn" className="mb-6">
          {text.studio.reuse.unknown}
        </Note>
      ) : null}
      <SubmitForm
        account={owner.account.id}
        copied={copied}
        feeBps={owner.ctx.config.feeBps}
        asset={owner.ctx.config.asset}
        termsVersion={version}
        template={typeof template === "string" && isTemplate(template) ? template : null}
        pool={typeof pool === "string" && isId("pol", pool) ? pool : null}
      />
    </>
  );
}

/** The submission of the job that the page is asked to copy; null where it names none of the owner's own. */
async function readCopied(ctx: Context, from: string | string[] | undefined): Promise<JobJson | null> {
  if (typeof from !== "string" || !isId("job", from)) return null;
  try {
    return await getSubmission(ctx, { jobId: from });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return null;
    throw error;
  }
}
