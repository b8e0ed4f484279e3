import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { AppProps } from "next/app";
import "../app/globals.css";

export default function FrontApp({ Component, pageProps }: AppProps) {
  return (
    // The variables of the theme are resolved at the root, which a page of this router cannot reach with the fonts' classes.
    <div className={`${GeistSans.className} ${GeistMono.variable} flex min-h-dvh flex-col [--font-mono:var(--font-geist-mono)]`}>
      <Component {...pageProps} />
    </div>
  );
}
