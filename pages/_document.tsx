import { Head, Html, Main, NextScript } from "next/document";
import { FIRST_SCRIPT } from "#lib/ui/first-script.ts";

type Props = { __NEXT_DATA__: { query: { lang?: string } } };

/** The frame of a page that is a document: HTML that the build made, and one small script of our own instead of a framework. */
export default function DocumentFrame({ __NEXT_DATA__ }: Props) {
  return (
    <Html lang={__NEXT_DATA__.query.lang ?? "en"} suppressHydrationWarning>
      <Head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own that has to run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: FIRST_SCRIPT }} />
      </Head>
      <body className="antialiased">
        <Main />
        <NextScript />
        <script type="module" src="/document/document.js" />
      </body>
    </Html>
  );
}
