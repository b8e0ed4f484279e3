import { basename } from "node:path";
import type { MarkedToken, Token, Tokens } from "marked";
import { type DocInline, inlineText } from "#lib/domain/doc/doc-tree.ts";
import { resolveLink } from "./resolve-link.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };
const COMMENT = /^\s*<!--(?:(?!-->)[\s\S])*-->\s*$/;

/** True for a piece of HTML that shows nothing: a comment to whoever edits the file. */
export function isComment(html: string): boolean {
  return COMMENT.test(html);
}

/** What stands inside a paragraph of the file `page`. HTML becomes the text it was written as; a link that may not be followed becomes its label. */
export function parseInlines(tokens: readonly Token[], page: string): DocInline[] {
  return tokens.flatMap((token) => inlinesOf(token as MarkedToken, page));
}

function inlinesOf(token: MarkedToken, page: string): DocInline[] {
  switch (token.type) {
    case "text":
      return token.tokens ? parseInlines(token.tokens, page) : [{ kind: "text", text: decodeEntities(token.text) }];
    case "codespan":
      return [{ kind: "code", text: token.text }];
    case "strong":
    case "em":
      return [{ kind: token.type, inlines: parseInlines(token.tokens, page) }];
    case "link":
      return linkOf(token, page);
    case "br":
      return [{ kind: "break" }];
    case "html":
      return isComment(token.text) ? [] : [{ kind: "text", text: token.text }];
    case "escape":
    case "image":
      return [{ kind: "text", text: token.text }];
    default:
      return [{ kind: "text", text: token.raw }];
  }
}

function linkOf(token: Tokens.Link, page: string): DocInline[] {
  const inlines = parseInlines(token.tokens, page);
  const target = resolveLink(token.href, page);
  if (target.kind === "href") return [{ kind: "link", href: target.href, inlines }];
  if (target.kind === "none") return inlines;
  const path: DocInline = { kind: "code", text: target.path };
  return inlineText(inlines) === basename(target.path) ? [path] : [...inlines, { kind: "text", text: " (" }, path, { kind: "text", text: ")" }];
}

function decodeEntities(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => (Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole));
}
