"use client";

import { BROKEN_FRAME } from "#lib/text/broken-frame.ts";
import "./globals.css";

/** What stands where even the frame around pages failed. Every page carries it, and nothing that it needs may be what failed. */
export default function BrokenFrame() {
  return (
    <html lang="en">
      <body className="p-8">
        {BROKEN_FRAME.map(({ language, title }) => (
          <p key={language} lang={language}>
            {title}
          </p>
        ))}
        {/* A whole page load: the app that failed is left behind. */}
        <a href="/" className="underline">
          Shoal
        </a>
      </body>
    </html>
  );
}
