import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

/** What the browser may be from; the frame runs nothing older than the app does. */
const TARGET = "es2022";
const WORKERS = { frame: "workers/executor/executor.worker.ts", attempts: "workers/sandbox/attempts.worker.ts" } as const;
/** Where the app serves the sandbox from, beneath the root of the project. */
export const SANDBOX_FOLDER = "public/sandbox";
const SCRIPT_NAMES = { frame: "executor.js", attempts: "attempts.js" } as const;

/** The digest in base64 of the one script of each frame, for its content security policy. */
export type ScriptDigests = Record<keyof typeof WORKERS, string>;

/**
 * Builds the sandbox into a folder beneath `root`: for executors and for the escape attempts a frame that holds its worker's script, and the same script by itself for
 * browsers that have no data: workers in opaque frames. The same sources give the same bytes; files appear whole or not at all, so that builds may overlap.
 */
export async function buildSandbox(root: string, folder: string): Promise<ScriptDigests> {
  const outFolder = resolve(root, folder);
  mkdirSync(outFolder, { recursive: true });
  const digests: ScriptDigests = { frame: "", attempts: "" };
  for (const name of ["frame", "attempts"] as const) {
    const { html, worker, scriptSha256 } = await buildFrame(root, WORKERS[name]);
    digests[name] = scriptSha256;
    write(join(outFolder, SCRIPT_NAMES[name]), worker);
    write(join(outFolder, `${name}.html`), html);
  }
  return digests;
}

/** A frame whose workers run this entry: its document, the worker's script by itself, and the digest of the document's script in base64. */
export async function buildFrame(root: string, workerEntry: string): Promise<{ html: string; worker: string; scriptSha256: string }> {
  const worker = await bundle(root, workerEntry, {});
  const script = await bundle(root, "workers/sandbox/frame.ts", { WORKER_URL: JSON.stringify(`data:text/javascript,${encodeURIComponent(worker)}`) });
  // Inside a document these words would end the script, or turn the rest of it into a comment.
  if (/<\/script|<!--/i.test(script)) throw new Error(`The script around ${workerEntry} cannot stand in a document.`);
  const html = `<!doctype html><meta charset="utf-8"><title>Shoal sandbox</title><body><script>${script}</script></body>\n`;
  return { html, worker, scriptSha256: createHash("sha256").update(script).digest("base64") };
}

async function bundle(root: string, entry: string, define: Record<string, string>): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: TARGET,
    charset: "ascii",
    loader: { ".wasm": "binary" },
    legalComments: "none",
    define,
    write: false,
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error(`esbuild wrote nothing for ${entry}.`);
  return output.text.trimEnd();
}

function write(path: string, content: string): void {
  // Unchanged files stay as they are: a server that watches the folder has nothing to notice.
  if (readIfFile(path) === content) return;
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

function readIfFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
