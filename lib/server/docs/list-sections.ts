import { blockText, type DocBlock, inlineText } from "#lib/domain/doc/doc-tree.ts";
import { DOC_ALIASES } from "./doc-aliases.ts";
import type { Doc } from "./read-docs.ts";

/**
 * What a search finds: a heading or a word with the text under it, and its address. The title's own section has the title as its heading, and in `also`
 * what else people call the page.
 */
export type DocSection = { href: string; page: string; heading: string; text: string; also: string };

/** The sections of some pages, in their order; headings divide, and each word of a glossary stands alone. */
export function listSections(docs: readonly Doc[]): DocSection[] {
  return docs.flatMap(sectionsOf);
}

function sectionsOf({ href, title, blocks }: Doc): DocSection[] {
  const sections: DocSection[] = [{ href, page: title, heading: title, text: "", also: aliasesOf(href) }];
  const words: DocSection[] = [];
  for (const block of blocks) {
    if (block.kind === "heading") sections.push({ href: `${href}#${block.id}`, page: title, heading: inlineText(block.inlines), text: "", also: "" });
    else if (block.kind === "terms") words.push(...wordsOf(block, href, title));
    else append(sections.at(-1), blockText(block));
  }
  return [...sections, ...words];
}

function wordsOf({ terms }: Extract<DocBlock, { kind: "terms" }>, href: string, page: string): DocSection[] {
  return terms.map(({ id, word, meaning }) => ({ href: `${href}#${id}`, page, heading: word, text: inlineText(meaning), also: "" }));
}

function append(section: DocSection | undefined, text: string): void {
  if (section) section.text = `${section.text} ${text}`.trim();
}

function aliasesOf(href: string): string {
  const aliases: Readonly<Record<string, string>> = DOC_ALIASES;
  return aliases[href.slice("/docs/".length)] ?? "";
}
