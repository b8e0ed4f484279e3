import type { Metadata } from "next";
import Link from "next/link";
import { en } from "#lib/text/en.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead, Shell } from "#lib/ui/shell/shell.tsx";

const { notFound } = en.site;
export const metadata: Metadata = { title: notFound.title };

export default function NotFoundPage() {
  return (
    <Shell>
      <PageHead title={notFound.title} lead={notFound.text} />
      <div className="flex flex-wrap gap-3">
        <Link href="/" className={buttonLook({ kind: "primary" })}>
          {notFound.home}
        </Link>
        <Link href="/jobs" className={buttonLook()}>
          {notFound.jobs}
        </Link>
      </div>
    </Shell>
  );
}
