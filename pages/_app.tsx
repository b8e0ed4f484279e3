import type { AppProps } from "next/app";
import { mono, sans } from "#lib/ui/theme/fonts.ts";
import "../app/globals.css";

export default function DocumentApp({ Component, pageProps }: AppProps) {
  return (
    // The variables of the theme are resolved at the root, which a page of this router cannot reach with the fonts' classes.
    <div className={`${sans.className} ${mono.variable} flex min-h-dvh flex-col [--font-mono:var(--font-geist-mono)]`}>
      <Component {...pageProps} />
    </div>
  );
}
