import type { GetStaticPaths, GetStaticProps } from "next";
import { listDocs } from "#lib/server/docs/read-docs.ts";
import { CATALOGUES, pickSections } from "#lib/text/catalogue.ts";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { createWords } from "#lib/text/words.ts";
import { DocIndex } from "#lib/ui/docs/doc-index.tsx";
import { type ListedDoc, listedOf } from "#lib/ui/docs/docs-by-group.ts";
import { DocumentPage } from "#lib/ui/document/document-page.tsx";

/** The docs are documents, as the front page is: who reads downloads text. */
export const config: { unstable_runtimeJS: false; maxDuration?: number } = { unstable_runtimeJS: false };

type Props = { language: Language; origin: string | null; docs: ListedDoc[] };

export const getStaticPaths: GetStaticPaths = () => ({ paths: LANGUAGES.map((lang) => ({ params: { lang } })), fallback: false });

export const getStaticProps: GetStaticProps<Props> = async ({ params }) => {
  const lang = String(params?.lang);
  if (!isLanguage(lang)) return { notFound: true };
  return { props: { language: lang, origin: process.env.PUBLIC_URL ?? null, docs: (await listDocs()).map(listedOf) } };
};

export default function Docs({ language, origin, docs }: Props) {
  const words = createWords(language, CATALOGUES[language]);
  const { docs: text, site } = words.text;
  const sections = pickSections(CATALOGUES[language], ["site", "docs"]);
  return (
    <DocumentPage words={words} sections={sections} title={`${text.title} · ${site.name}`} description={text.description} origin={origin}>
      <DocIndex docs={docs} words={words} />
    </DocumentPage>
  );
}
