import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { type DocBlock, type DocHeading, type DocTree, inlineText } from "#lib/domain/doc/doc-tree.ts";
import { createAnchors } from "./anchor.ts";
import { isComment, parseInlines } from "./parse-inlines.ts";

const DESCRIPTION_CHARS_MAX = 200;
/** The columns that make a table a list of words. */
const TERM_COLUMNS = "word,meaning";

type Reading = { page: string; anchor: (heading: string) => string; codes: number; tables: number };

/**
 * Reads a page written in Markdown; `page` is its path from the repository's root, which its links start from. The first heading is the title and the
 * first paragraph the description. Throws for a file without either.
 */
export function parseDoc(markdown: string, page: string): DocTree {
  const reading: Reading = { page, anchor: createAnchors(), codes: 0, tables: 0 };
  const [title, ...blocks] = parseBlocks(lexer(markdown), reading);
  if (title?.kind !== "heading" || title.depth !== 1) throw new Error(`${page} does not begin with its title.`);
  const lead = blocks.find((block) => block.kind === "paragraph");
  if (!lead) throw new Error(`${page} has no paragraph that says what it is about.`);
  return { title: inlineText(title.inlines), description: descriptionFrom(inlineText(lead.inlines)), headings: blocks.flatMap(headingOf), blocks };
}

function parseBlocks(tokens: readonly Token[], reading: Reading): DocBlock[] {
  return tokens.flatMap((token) => blocksOf(token as MarkedToken, reading));
}

function blocksOf(token: MarkedToken, reading: Reading): DocBlock[] {
  const { page } = reading;
  switch (token.type) {
    case "heading": {
      const inlines = parseInlines(token.tokens, page);
      return [{ kind: "heading", depth: token.depth, id: reading.anchor(inlineText(inlines)), inlines }];
    }
    case "paragraph":
      return [{ kind: "paragraph", inlines: parseInlines(token.tokens, page) }];
    case "text":
      return [{ kind: "paragraph", inlines: parseInlines([token], page) }];
    case "code":
      reading.codes += 1;
      return [{ kind: "code", text: token.text.replace(/\n+$/, ""), number: reading.codes }];
    case "blockquote":
      return [{ kind: "quote", blocks: parseBlocks(token.tokens, reading) }];
    case "list":
      return [listOf(token, reading)];
    case "table":
      return [tableOf(token, reading)];
    case "hr":
      return [{ kind: "rule" }];
    case "html":
      return isComment(token.text) ? [] : [{ kind: "paragraph", inlines: [{ kind: "text", text: token.text.trim() }] }];
    default:
      return [];
  }
}

function listOf(token: Tokens.List, reading: Reading): DocBlock {
  const items = token.items.map((item) => parseBlocks(item.tokens, reading));
  return { kind: "list", start: token.ordered ? Number(token.start) : null, items };
}

function tableOf(token: Tokens.Table, reading: Reading): DocBlock {
  const columns = token.header.map((cell) => parseInlines(cell.tokens, reading.page));
  const rows = token.rows.map((row) => row.map((cell) => parseInlines(cell.tokens, reading.page)));
  if (columns.map(inlineText).join() === TERM_COLUMNS) {
    const terms = rows.map(([word = [], meaning = []]) => ({ id: reading.anchor(inlineText(word)), word: inlineText(word), meaning }));
    return { kind: "terms", terms };
  }
  reading.tables += 1;
  return { kind: "table", columns, rows, number: reading.tables };
}

function headingOf(block: DocBlock): DocHeading[] {
  return block.kind === "heading" ? [{ id: block.id, depth: block.depth, text: inlineText(block.inlines) }] : [];
}

/** Whole sentences as far as they fit; words of the first one if it is too long by itself. What a colon announces stays on the page. */
function descriptionFrom(text: string): string {
  if (text.length <= DESCRIPTION_CHARS_MAX) return text.replace(/:$/, ".");
  const cut = text.slice(0, DESCRIPTION_CHARS_MAX);
  const sentence = cut.lastIndexOf(". ");
  return sentence > 0 ? cut.slice(0, sentence + 1) : `${cut.slice(0, cut.lastIndexOf(" "))}…`;
}
