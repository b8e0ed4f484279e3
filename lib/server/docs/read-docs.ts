import "server-only";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DocTree } from "./doc-tree.ts";
import { parseDoc } from "./parse-doc.ts";
import { DOC_GROUPS, type DocGroup } from "./resolve-link.ts";

/** A page of documentation; `href` is its address in the app. */
export type Doc = DocTree & { group: DocGroup; name: string; href: string };

/** What a reader needs first stands first; a page that is not named here follows by its name. */
const ORDER: readonly string[] = [
  "lend-a-tab",
  "is-it-safe",
  "what-does-it-cost-me",
  "why-am-i-idle",
  "what-is-stored",
  "how-results-are-verified",
  "submit-a-job",
  "cut-an-input",
  "what-it-costs",
  "what-a-program-may-do",
  "write-a-program-in-c",
  "write-a-program-in-rust",
  "write-a-program-in-go",
  "write-a-program-in-zig",
  "write-a-program-in-typescript",
  "run-a-headless-device",
  "run-the-demo",
  "run-in-production",
  "watch-it",
  "back-up-and-restore",
  "trusted-devices",
  "job-json",
  "protocol",
  "errors",
  "glossary",
];

/** Every page of `docs/guide` and `docs/reference` under this root, in the order of reading. */
export async function listDocs(root: string = process.cwd()): Promise<Doc[]> {
  const groups = await Promise.all(DOC_GROUPS.map((group) => listGroup(root, group)));
  return groups.flat();
}

async function listGroup(root: string, group: DocGroup): Promise<Doc[]> {
  const files = await readdir(join(root, "docs", group));
  const names = files.filter((file) => file.endsWith(".md")).map((file) => file.slice(0, -".md".length));
  names.sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b, "en"));
  return Promise.all(names.map((name) => readDoc(root, group, name)));
}

async function readDoc(root: string, group: DocGroup, name: string): Promise<Doc> {
  const page = `docs/${group}/${name}.md`;
  return { group, name, href: `/docs/${group}/${name}`, ...parseDoc(await readFile(join(root, page), "utf8"), page) };
}

function placeOf(name: string): number {
  const place = ORDER.indexOf(name);
  return place < 0 ? ORDER.length : place;
}
