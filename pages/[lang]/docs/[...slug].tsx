import type { GetStaticPaths, GetStaticProps } from "next";
import type { DocTree } from "#lib/domain/doc/doc-tree.ts";
import { listDocs } from "#lib/server/docs/read-docs.ts";
import { CATALOGUES, pickSections } from "#lib/text/catalogue.ts";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { createWords } from "#lib/text/words.ts";
import { DocPage } from "#lib/ui/docs/doc-page.tsx";
import { type ListedDoc, listedOf } from "#lib/ui/docs/docs-by-group.ts";
import { DocumentPage } from "#lib/ui/document/document-page.tsx";

export const config: { unstable_runtimeJS: false; maxDuration?: number } = { unstable_runtimeJS: false };

type Props = { language: Language; origin: string | null; docs: ListedDoc[]; doc: DocTree & { href: string } };

/** Every page is made by the build; what it did not make does not exist. */
export const getStaticPaths: GetStaticPaths = async () => {
  const slugs = (await listDocs()).map(({ href }) => href.split("/").slice(2));
  return { paths: LANGUAGES.flatMap((lang) => slugs.map((slug) => ({ params: { lang, slug } }))), fallback: false };
};

export const getStaticProps: GetStaticProps<Props> = async ({ params }) => {
  const lang = String(params?.lang);
  const docs = await listDocs();
  const doc = docs.find(({ href }) => href === `/docs/${[params?.slug].flat().join("/")}`);
  if (!isLanguage(lang) || !doc) return { notFound: true };
  return { props: { language: lang, origin: process.env.PUBLIC_URL ?? null, docs: docs.map(listedOf), doc } };
};

export default function Doc({ language, origin, docs, doc }: Props) {
  const words = createWords(language, CATALOGUES[language]);
  const sections = pickSections(CATALOGUES[language], ["site", "docs"]);
  return (
    <DocumentPage words={words} sections={sections} title={`${doc.title} · ${words.text.site.name}`} description={doc.description} origin={origin}>
      <DocPage doc={doc} docs={docs} words={words} />
    </DocumentPage>
  );
}
