import { GeistSans } from "geist/font/sans";
import localFont from "next/font/local";

/** The face of everything that is read. */
export const sans = GeistSans;

/** The face of code, addresses and digests. It is as large as the other one and no page begins with it, so that it is fetched only where it is seen. */
export const mono = localFont({
  src: "../../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
  fallback: ["ui-monospace", "SFMono-Regular", "Menlo", "Monaco", "Liberation Mono", "DejaVu Sans Mono", "monospace"],
});
