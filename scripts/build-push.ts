import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Bundles the service worker of pushed notices into `public/push/service-worker.js`, which no page loads before its owner asks to be told. Next's configuration calls it before every build. */
export async function buildPush(): Promise<void> {
  await rm(join(ROOT, "public/push"), { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { "service-worker": "workers/push/service-worker.worker.ts" },
    outdir: "public/push",
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    platform: "browser",
    legalComments: "none",
    logLevel: "warning",
  });
}

/** What the service worker may do: run itself. It reaches no network, and its file is asked for anew each time. */
export const pushHeaders = {
  source: "/push/:file*",
  headers: [
    { key: "Content-Security-Policy", value: "default-src 'none'; script-src 'self'" },
    { key: "X-Content-Type-Options", value: "nosniff" },
    { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
    { key: "Cache-Control", value: "no-cache" },
  ],
};
