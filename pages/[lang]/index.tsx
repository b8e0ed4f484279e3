import type { GetStaticPaths, GetStaticProps } from "next";
import { CATALOGUES, pickSections } from "#lib/text/catalogue.ts";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { createWords } from "#lib/text/words.ts";
import { DocumentPage } from "#lib/ui/document/document-page.tsx";
import { FrontPage } from "#lib/ui/front/front-page.tsx";

/** The front door is a document: people who only look around do not download a framework. What is alive on it is `lib/client/document/document.ts`. */
// The second name is one that the generated check of pages knows; without it the check finds nothing in common.
export const config: { unstable_runtimeJS: false; maxDuration?: number } = { unstable_runtimeJS: false };

type Props = { language: Language; origin: string | null };

export const getStaticPaths: GetStaticPaths = () => ({ paths: LANGUAGES.map((lang) => ({ params: { lang } })), fallback: false });

export const getStaticProps: GetStaticProps<Props> = ({ params }) => {
  const lang = String(params?.lang);
  return isLanguage(lang) ? { props: { language: lang, origin: process.env.PUBLIC_URL ?? null } } : { notFound: true };
};

export default function Front({ language, origin }: Props) {
  const words = createWords(language, CATALOGUES[language]);
  const { site, home } = words.text;
  const sections = pickSections(CATALOGUES[language], ["site", "home"]);
  return (
    <DocumentPage words={words} sections={sections} title={`${site.name} · ${site.tagline}`} description={site.description} origin={origin}>
      <FrontPage text={home} />
    </DocumentPage>
  );
}
