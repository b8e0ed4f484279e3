import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Bundles the script of the pages that are documents into `public/document/document.js`, with parts beside it that are loaded later. Next's configuration calls it before every build and every development server. */
export async function buildDocument(): Promise<void> {
  await rm(join(ROOT, "public/document"), { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["lib/client/document/document.ts"],
    outdir: "public/document",
    bundle: true,
    // The command palette and the docs' search are loaded when they are opened.
    splitting: true,
    chunkNames: "[name]-[hash]",
    minify: true,
    format: "esm",
    target: "es2023",
    legalComments: "none",
  });
}
