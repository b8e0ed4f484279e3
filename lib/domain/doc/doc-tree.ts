/** A page of documentation as data: no markup is left in it, so whoever shows it can only show text, and addresses that were checked. */
export type DocTree = { title: string; description: string; headings: readonly DocHeading[]; blocks: readonly DocBlock[] };

/** A heading below the title; `id` is its anchor. */
export type DocHeading = { id: string; depth: number; text: string };

export type DocBlock =
  | { kind: "heading"; depth: number; id: string; inlines: readonly DocInline[] }
  | { kind: "paragraph"; inlines: readonly DocInline[] }
  | { kind: "code"; text: string; number: number }
  | { kind: "quote"; blocks: readonly DocBlock[] }
  | { kind: "list"; start: number | null; items: readonly (readonly DocBlock[])[] }
  | { kind: "table"; columns: readonly (readonly DocInline[])[]; rows: readonly (readonly (readonly DocInline[])[])[]; number: number }
  /** A table of words and their meanings; every word has its anchor. */
  | { kind: "terms"; terms: readonly DocTerm[] }
  | { kind: "rule" };

export type DocTerm = { id: string; word: string; meaning: readonly DocInline[] };

export type DocInline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em"; inlines: readonly DocInline[] }
  /** `href` begins with `#`, with `/` for a page or file of this instance, or with `http:`, `https:` or `mailto:`. */
  | { kind: "link"; href: string; inlines: readonly DocInline[] }
  | { kind: "break" };

/** The text of some inlines, as a heading's anchor or a search reads it. */
export function inlineText(inlines: readonly DocInline[]): string {
  return inlines.map(textOf).join("");
}

/** The text of a block, its parts separated by spaces. */
export function blockText(block: DocBlock): string {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return inlineText(block.inlines);
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map(blockText).join(" ");
    case "list":
      return block.items.flat().map(blockText).join(" ");
    case "table":
      return [block.columns, ...block.rows].flat().map(inlineText).join(" ");
    case "terms":
      return block.terms.map(({ word, meaning }) => `${word} ${inlineText(meaning)}`).join(" ");
    case "rule":
      return "";
  }
}

function textOf(inline: DocInline): string {
  if (inline.kind === "break") return " ";
  return "text" in inline ? inline.text.replaceAll("\n", " ") : inlineText(inline.inlines);
}
