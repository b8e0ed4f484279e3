import Head from "next/head";
import type { ReactNode } from "react";
import type { Catalogue } from "#lib/text/catalogue.ts";
import { WordsProvider } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { OfflineBanner } from "#lib/ui/feedback/offline-banner.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";

type DocumentPageProps = {
  words: Words;
  /** The sections of the catalogue that the page's script speaks with; they travel with the page. */
  sections: Partial<Catalogue>;
  title: string;
  description: string;
  /** Where the instance is reached from outside, without which a page has no social card; null where the build was not told. */
  origin: string | null;
  children: ReactNode;
};

/** The frame of a page that is a document: its head, the shell, and the words for its script (`lib/client/document/document.ts`). */
export function DocumentPage({ words, sections, title, description, origin, children }: DocumentPageProps) {
  const { language, text } = words;
  return (
    <WordsProvider language={language} sections={sections}>
      <Head>
        <title>{title}</title>
        <meta name="description" content={description} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#f8fafb" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0a1117" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
        {origin ? <meta property="og:image" content={new URL("/icons/social-card.png", origin).href} /> : null}
        <meta property="og:title" content={title} />
        <meta property="og:description" content={description} />
        <meta name="twitter:card" content="summary_large_image" />
      </Head>
      <OfflineBanner text={text.site.noConnection} />
      <Shell text={text.site} language={language}>
        {children}
      </Shell>
      <div hidden id="document-words" data-words={JSON.stringify({ language, sections })} />
    </WordsProvider>
  );
}
