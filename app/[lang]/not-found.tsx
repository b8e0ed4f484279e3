import type { Metadata } from "next";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";
import { readWords } from "../read-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords()).text.notFound.title };
}

export default async function NotFoundPage() {
  const { language, text } = await readWords();
  return (
    <Shell text={text.site} language={language}>
      <PageHead title={text.notFound.title} lead={text.notFound.text} />
      <div className="flex flex-wrap gap-3">
        <PageLink href="/" className={buttonLook({ kind: "primary" })}>
          {text.notFound.home}
        </PageLink>
        <PageLink href="/jobs" className={buttonLook()}>
          {text.notFound.jobs}
        </PageLink>
      </div>
    </Shell>
  );
}
