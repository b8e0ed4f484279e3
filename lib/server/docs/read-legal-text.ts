import "server-only";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DocTree } from "#lib/domain/doc/doc-tree.ts";
import type { LegalTextName } from "#lib/protocol/legal/legal.ts";
import { parseDoc } from "./parse-doc.ts";

/** A text that people agree to. `version` is the date it was written, as YYYY-MM-DD, by which a consent names it. */
export type LegalText = DocTree & { name: LegalTextName; version: string };

const FRONT_MATTER = /^---\nversion: (\d{4}-\d{2}-\d{2})\n---\n/;

/**
 * Reads a text of the folder that the setting LEGAL_FOLDER names, anew at each call, so that an operator can replace it while the instance runs. Fails,
 * naming the file, if it is not there, does not begin with its version, or has no title or first paragraph.
 */
export async function readLegalText(name: LegalTextName, folder: string): Promise<LegalText> {
  const file = join(folder, `${name}.md`);
  const markdown = (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
  const version = FRONT_MATTER.exec(markdown)?.[1];
  if (!version || Number.isNaN(Date.parse(version)))
    throw new Error(`${file} does not begin with its version, three lines such as ---, version: 2026-11-24, ---.`);
  // Wherever the file lies, its links start where the text that ships with the software lies.
  return { name, version, ...parseDoc(markdown.replace(FRONT_MATTER, ""), `docs/legal/${name}.md`) };
}
