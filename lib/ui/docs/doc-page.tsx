import type { DocTree } from "#lib/domain/doc/doc-tree.ts";
import type { Words } from "#lib/text/words.ts";
import { DocSearch } from "./doc-search.tsx";
import { DocView } from "./doc-view.tsx";
import type { ListedDoc } from "./docs-by-group.ts";
import { DocsNav } from "./docs-nav.tsx";
import { Fold } from "./fold.tsx";
import { Neighbours } from "./neighbours.tsx";
import { OnThisPage } from "./on-this-page.tsx";

type DocPageProps = { doc: DocTree & { href: string }; docs: readonly ListedDoc[]; words: Words };

/** A page of the docs between the list of all and its own headings. */
export function DocPage({ doc, docs, words }: DocPageProps) {
  const { language, text } = words;
  return (
    <div className="gap-10 lg:grid lg:grid-cols-[14rem_minmax(0,1fr)] xl:grid-cols-[13rem_minmax(0,1fr)_12rem]">
      <div className="z-10 mb-8 flex flex-col gap-4 self-start lg:sticky lg:top-6 lg:mb-0 lg:max-h-[calc(100dvh-3rem)]">
        <DocSearch words={words} />
        <Fold title={text.docs.menu} className="lg:hidden">
          <DocsNav docs={docs} current={doc.href} words={words} />
        </Fold>
        <div className="-m-1 min-h-0 overflow-y-auto p-1 max-lg:hidden">
          <DocsNav docs={docs} current={doc.href} words={words} />
        </div>
      </div>
      <div className="min-w-0">
        {language === "en" ? null : <p className="mb-6 text-quiet text-sm">{text.docs.inEnglish}</p>}
        <div lang="en">
          <DocView doc={doc} words={words} canCopy />
        </div>
        <Neighbours docs={docs} current={doc.href} words={words} />
      </div>
      <OnThisPage headings={doc.headings} words={words} />
    </div>
  );
}
