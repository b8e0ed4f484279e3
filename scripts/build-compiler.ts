import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
/** The compiler looks for these only where it runs in Node. */
const NODE_MODULES = ["node:module", "module", "fs", "path", "url"];

/** Bundles the editor's compiler into `public/compiler/compiler.js`, a worker that nothing loads before somebody compiles. Next's configuration calls it before every build. */
export async function buildCompiler(): Promise<void> {
  await rm(join(ROOT, "public/compiler"), { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { compiler: "workers/compiler/compiler.worker.ts" },
    outdir: "public/compiler",
    bundle: true,
    minify: true,
    // A module: the compiler awaits its WebAssembly at its top.
    format: "esm",
    target: "es2023",
    platform: "browser",
    external: NODE_MODULES,
    legalComments: "none",
    logLevel: "warning",
    logOverride: { "large-output": "silent" },
  });
}

/** What the compiler's worker may do: run itself and WebAssembly, which it carries as a data: address. It reaches no network and no storage of a page. */
export const compilerHeaders = {
  source: "/compiler/:file*",
  headers: [
    { key: "Content-Security-Policy", value: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src data:" },
    { key: "X-Content-Type-Options", value: "nosniff" },
    { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
    { key: "Cache-Control", value: "public, max-age=3600" },
  ],
};
