import type { Metadata } from "next";
import Link from "next/link";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";
import { readWords } from "../read-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords()).text.notFound.title };
}

export default async function NotFoundPage() {
  const { text } = await readWords();
  return (
    <Shell text={text.site}>
      <PageHead title={text.notFound.title} lead={text.notFound.text} />
      <div className="flex flex-wrap gap-3">
        <Link href="/" className={buttonLook({ kind: "primary" })}>
          {text.notFound.home}
        </Link>
        <Link href="/jobs" className={buttonLook()}>
          {text.notFound.jobs}
        </Link>
      </div>
    </Shell>
  );
}
