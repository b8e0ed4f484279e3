import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Bundles the front page's script into `public/front/front.js`, with parts beside it that are loaded later. Next's configuration calls it before every build and every development server. */
export async function buildFront(): Promise<void> {
  await rm(join(ROOT, "public/front"), { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["lib/client/front/front.ts"],
    outdir: "public/front",
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
