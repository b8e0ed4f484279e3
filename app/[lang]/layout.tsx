import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { ShellKeys } from "#lib/client/palette/shell-keys.tsx";
import { LANGUAGES } from "#lib/text/languages.ts";
import { OfflineBanner } from "#lib/ui/feedback/offline-banner.tsx";
import { FIRST_SCRIPT } from "#lib/ui/first-script.ts";
import { mono, sans } from "#lib/ui/theme/fonts.ts";
import { GiveWords } from "../give-words.tsx";
import { readWords } from "../read-words.ts";
import "../globals.css";

export const dynamicParams = false;

export function generateStaticParams() {
  return LANGUAGES.map((lang) => ({ lang }));
}

export async function generateMetadata(): Promise<Metadata> {
  const { site } = (await readWords()).text;
  const origin = process.env.PUBLIC_URL;
  return {
    title: { default: `${site.name} · ${site.tagline}`, template: `%s · ${site.name}` },
    description: site.description,
    manifest: "/manifest.webmanifest",
    icons: { apple: "/icons/apple-touch-icon.png" },
    // A card needs a whole address, which a build knows only where it was told one.
    ...(origin
      ? {
          metadataBase: new URL(origin),
          openGraph: { images: "/icons/social-card.png", siteName: site.name, type: "website" },
          twitter: { card: "summary_large_image" },
        }
      : {}),
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8fafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0a1117" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { language, text } = await readWords();
  return (
    <html lang={language} className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own that has to run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: FIRST_SCRIPT }} />
      </head>
      <body className="flex min-h-dvh flex-col antialiased">
        <GiveWords sections={["site", "broken"]}>
          <OfflineBanner text={text.site.noConnection} />
          <ShellKeys />
          {children}
        </GiveWords>
      </body>
    </html>
  );
}
