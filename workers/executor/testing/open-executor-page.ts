import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "@playwright/test";
import { build } from "esbuild";

const CHROMIUM_ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** A page in a real Chromium that serves the scripts it was opened with. */
export interface ExecutorPage {
  page: Page;
  version: string;
  close(): Promise<void>;
}

/** What the page's server answers at a path beside the page's own scripts. */
export interface ServedDocument {
  html: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Opens an empty page in a headless Chromium and serves it these TypeScript entries, each bundled to a classic script under the name of its file;
 * the first one is loaded into the page. `executablePath` is the browser's, `args` are flags beside those every test needs,
 * `documents` are served by their paths.
 */
export async function openExecutorPage(options: {
  executablePath: string;
  entries: readonly URL[];
  args?: readonly string[];
  documents?: Readonly<Record<string, ServedDocument>>;
}): Promise<ExecutorPage> {
  const scripts = new Map<string, string>();
  for (const entry of options.entries) scripts.set(nameOf(entry), await bundle(entry));
  const [main] = scripts.keys();
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? "");
    const served = options.documents?.[request.url ?? ""];
    if (served) response.writeHead(200, { "content-type": "text/html", ...served.headers }).end(served.html);
    else if (script !== undefined) response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else if (request.url === "/") response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><script src="${main}"></script>`);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: options.executablePath, args: [...CHROMIUM_ARGS, ...(options.args ?? [])] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    version: browser.version(),
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function nameOf(entry: URL): string {
  return `/${entry.pathname.split("/").at(-1)?.replace(/\.ts$/, ".js")}`;
}

async function bundle(entry: URL): Promise<string> {
  const result = await build({ entryPoints: [fileURLToPath(entry)], bundle: true, format: "iife", target: "es2023", write: false });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry.pathname}.`);
  return output.text;
}
