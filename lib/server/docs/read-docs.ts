import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DOC_FOLDERS, DOC_GROUPS, type DocGroup } from "#lib/domain/doc/doc-groups.ts";
import type { DocTree } from "#lib/domain/doc/doc-tree.ts";
import { parseDoc } from "./parse-doc.ts";

/** A page of documentation; `href` is its address in the app. */
export type Doc = DocTree & { group: DocGroup; href: string };

const GROUPS = Object.entries(DOC_GROUPS) as [DocGroup, readonly string[]][];

/** Every page of the docs under this root, in the order of reading. Fails if a file of their folders has no group, or a group names no file. */
export async function listDocs(root: string = process.cwd()): Promise<Doc[]> {
  const named = GROUPS.flatMap(([, paths]) => paths);
  const unnamed = (await listFiles(root)).filter((path) => !named.includes(path));
  if (unnamed.length > 0) throw new Error(`No group of the docs names ${unnamed.join(", ")}.`);
  return Promise.all(GROUPS.flatMap(([group, paths]) => paths.map((path) => readDoc(root, group, path))));
}

async function listFiles(root: string): Promise<string[]> {
  const folders = DOC_FOLDERS.map(async (folder) => {
    const files = await readdir(join(root, "docs", folder));
    return files.filter((file) => file.endsWith(".md")).map((file) => `${folder}/${file.slice(0, -".md".length)}`);
  });
  return (await Promise.all(folders)).flat();
}

async function readDoc(root: string, group: DocGroup, path: string): Promise<Doc> {
  const page = `docs/${path}.md`;
  return { group, href: `/docs/${path}`, ...parseDoc(await readFile(join(root, page), "utf8"), page) };
}
