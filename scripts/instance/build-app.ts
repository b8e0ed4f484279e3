import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = [
  "{app,pages}/**/*.{ts,tsx,css}",
  "lib/**/*.{ts,tsx,css}",
  "workers/**/*.{ts,wasm}",
  "public/**/*",
  "docs/**/*.md",
  "*.{ts,mjs,json}",
  "scripts/{build-document,sandbox/*}.ts",
];
/** Written by the build itself, from sources that are looked at. */
const BUILT = ["public/document/", "public/sandbox/"];
const STAMP = "shoal-build";

/** Builds the app unless `.next` holds the build of exactly these sources and settings. Calls `onStart` if it has to; throws with the build's output. */
export function buildApp(root: string, env: Record<string, string>, onStart: () => void): void {
  const digest = digestOf(root, env);
  const stampPath = join(root, ".next", STAMP);
  const isWhole = BUILT.every((path) => existsSync(join(root, path)));
  if (isWhole && existsSync(stampPath) && readFileSync(stampPath, "utf8") === digest) return;
  onStart();
  const result = spawnSync(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
    cwd: root,
    env: { ...process.env, ...env, NEXT_TELEMETRY_DISABLED: "1" },
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(`The app could not be built:\n${result.stdout}\n${result.stderr}`);
  writeFileSync(stampPath, digest);
}

function digestOf(root: string, env: Record<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify(env));
  for (const path of globSync(SOURCES, { cwd: root }).sort()) {
    // Tests are not part of the app; next-env.d.ts is written by the build itself.
    if (path.endsWith(".test.ts") || path === "next-env.d.ts" || BUILT.some((built) => path.startsWith(built))) continue;
    const file = readIfFile(join(root, path));
    if (file) hash.update(path).update("\0").update(file);
  }
  return hash.digest("hex");
}

function readIfFile(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
