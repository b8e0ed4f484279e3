import type { GetStaticPaths, GetStaticProps } from "next";
import Head from "next/head";
import { CATALOGUES, pickSections } from "#lib/text/catalogue.ts";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { WordsProvider } from "#lib/text/react/words-provider.tsx";
import { createWords } from "#lib/text/words.ts";
import { FrontPage } from "#lib/ui/front/front-page.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";

/** The front door is a document: people who only look around do not download a framework. What is alive on it is `lib/client/front/front.ts`. */
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
  const { site } = words.text;
  const sections = pickSections(CATALOGUES[language], ["site", "home"]);
  return (
    <WordsProvider language={language} sections={sections}>
      <Head>
        <title>{`${site.name} · ${site.tagline}`}</title>
        <meta name="description" content={site.description} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#f8fafb" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0a1117" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
        {origin ? <meta property="og:image" content={new URL("/icons/social-card.png", origin).href} /> : null}
        <meta property="og:title" content={`${site.name} · ${site.tagline}`} />
        <meta property="og:description" content={site.description} />
        <meta name="twitter:card" content="summary_large_image" />
      </Head>
      <Shell text={site}>
        <FrontPage text={words.text.home} />
      </Shell>
      <div hidden id="front-words" data-words={JSON.stringify({ language, sections })} />
    </WordsProvider>
  );
}
