import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Bundles the front page's script into `public/front/front.js`. Next's configuration calls it before every build and every development server. */
export async function buildFront(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["lib/client/front/front.ts"],
    outfile: "public/front/front.js",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    legalComments: "none",
  });
}
