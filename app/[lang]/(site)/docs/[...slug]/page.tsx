import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readWords } from "../../../../read-words.ts";
import { DocSearch } from "../doc-search.tsx";
import { DocView } from "../doc-view.tsx";
import { DocsNav } from "../docs-nav.tsx";
import { Fold } from "../fold.tsx";
import { getDocs } from "../get-docs.ts";
import { Neighbours } from "../neighbours.tsx";
import { OnThisPage } from "../on-this-page.tsx";

type Props = { params: Promise<{ slug: string[] }> };

/** Every page is made by the build; what it did not make does not exist. */
export const dynamicParams = false;

export async function generateStaticParams() {
  return (await getDocs()).map(({ href }) => ({ slug: href.split("/").slice(2) }));
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title, description } = await getDoc(params);
  return { title, description };
}

export default async function DocPage({ params }: Props) {
  const [docs, doc, { language, text }] = await Promise.all([getDocs(), getDoc(params), readWords()]);
  return (
    <div className="gap-10 lg:grid lg:grid-cols-[14rem_minmax(0,1fr)] xl:grid-cols-[13rem_minmax(0,1fr)_12rem]">
      <div className="z-10 mb-8 flex flex-col gap-4 self-start lg:sticky lg:top-6 lg:mb-0 lg:max-h-[calc(100dvh-3rem)]">
        <DocSearch />
        <Fold title={text.docs.menu} className="lg:hidden">
          <DocsNav docs={docs} current={doc.href} />
        </Fold>
        <div className="-m-1 min-h-0 overflow-y-auto p-1 max-lg:hidden">
          <DocsNav docs={docs} current={doc.href} />
        </div>
      </div>
      <div className="min-w-0">
        {language === "en" ? null : <p className="mb-6 text-quiet text-sm">{text.docs.inEnglish}</p>}
        <div lang="en">
          <DocView doc={doc} />
        </div>
        <Neighbours docs={docs} current={doc.href} />
      </div>
      <OnThisPage headings={doc.headings} />
    </div>
  );
}

async function getDoc(params: Props["params"]) {
  const { slug } = await params;
  const href = `/docs/${slug.join("/")}`;
  return (await getDocs()).find((doc) => doc.href === href) ?? notFound();
}
