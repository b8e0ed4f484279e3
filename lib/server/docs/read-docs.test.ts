import { readdirSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DOC_FOLDERS, DOC_GROUPS } from "#lib/domain/doc/doc-groups.ts";
import { blockText, type DocBlock, type DocInline, inlineText } from "#lib/domain/doc/doc-tree.ts";
import { ERROR_CODES } from "#lib/protocol/errors.ts";
import { LEGAL_TEXTS } from "#lib/protocol/legal/legal.ts";
import { listSections } from "./list-sections.ts";
import { type Doc, listDocs } from "./read-docs.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const docs = await listDocs(ROOT);
const docAt = (href: string) => docs.find((doc) => doc.href === href);

/** Every anchor that a page has. */
function anchorsOf({ headings, blocks }: Doc): string[] {
  return [...headings.map(({ id }) => id), ...blocks.flatMap((block) => (block.kind === "terms" ? block.terms.map(({ id }) => id) : []))];
}

function linksOf(blocks: readonly DocBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === "heading" || block.kind === "paragraph") return hrefsOf(block.inlines);
    if (block.kind === "quote") return linksOf(block.blocks);
    if (block.kind === "list") return block.items.flatMap(linksOf);
    if (block.kind === "table") return [...block.columns, ...block.rows.flat()].flatMap(hrefsOf);
    return block.kind === "terms" ? block.terms.flatMap(({ meaning }) => hrefsOf(meaning)) : [];
  });
}

function hrefsOf(inlines: readonly DocInline[]): string[] {
  return inlines.flatMap((inline) => {
    const inside = "inlines" in inline ? hrefsOf(inline.inlines) : [];
    return inline.kind === "link" ? [inline.href, ...inside] : inside;
  });
}

test("every file of their folders is a page, and nothing else", () => {
  const files = DOC_FOLDERS.flatMap((folder) => readdirSync(join(ROOT, "docs", folder)).map((file) => `/docs/${folder}/${file.replace(/\.md$/, "")}`));
  expect(docs.map(({ href }) => href).sort()).toEqual(files.sort());
});

test("a file without a group is named", async () => {
  const root = await mkdtemp(join(tmpdir(), "shoal-docs-"));
  try {
    await cp(join(ROOT, "docs"), join(root, "docs"), { recursive: true });
    await writeFile(join(root, "docs", "guide", "stray.md"), "# Stray\n\nA page that nobody finds.\n");
    await expect(listDocs(root)).rejects.toThrow("guide/stray");
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test("what volunteers read comes first, and begins with lending a tab", () => {
  expect(docs[0]?.href).toBe("/docs/guide/lend-a-tab");
  expect([...new Set(docs.map(({ group }) => group))]).toEqual(Object.keys(DOC_GROUPS));
});

test.each(docs.filter(({ href }) => href.startsWith("/docs/guide/")))("$href ends with where to go next", ({ blocks }) => {
  const last = blocks.at(-1);
  expect(last?.kind === "paragraph" && inlineText(last.inlines)).toMatch(/^Next: /);
  expect(linksOf(last ? [last] : [])).not.toEqual([]);
});

describe.each(docs)("$href", (doc) => {
  test("has a title, a description that fits a search result, and text", () => {
    expect(doc.title).toMatch(/\S/);
    expect(doc.description).toMatch(/\S.*[.…]$/);
    expect(doc.description.length).toBeLessThanOrEqual(200);
    expect(doc.blocks.map(blockText).join("").length).toBeGreaterThan(200);
  });

  test("shows no markup that was not understood", () => {
    const prose = doc.blocks.filter(({ kind }) => kind !== "code").map(blockText);
    expect(prose.filter((text) => /<!--|<\/|&(lt|gt|amp|quot|#\d+);|\]\(|^\|/.test(text))).toEqual([]);
  });

  test("has each anchor once", () => {
    expect(new Set(anchorsOf(doc)).size).toBe(anchorsOf(doc).length);
  });

  test("links to pages and anchors that exist", () => {
    const inside = linksOf(doc.blocks).filter((href) => href.startsWith("#") || href.startsWith("/docs/"));
    const broken = inside.filter((href) => {
      const [path = "", anchor] = href.split("#");
      const target = path === "" ? doc : docAt(path);
      return !target || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test("links to no file of the repository that the app does not serve", () => {
    const served = readdirSync(join(ROOT, "public"), { recursive: true, encoding: "utf8" }).map((file) => `/${file}`);
    const legal = LEGAL_TEXTS.map((name) => `/${name}`);
    const files = linksOf(doc.blocks).filter((href) => href.startsWith("/") && !href.startsWith("/docs/") && !legal.includes(href));
    expect(files.filter((href) => !served.includes(href))).toEqual([]);
  });
});

test("the pages link to each other at all", () => {
  expect(docs.flatMap(({ blocks }) => linksOf(blocks)).filter((href) => href.startsWith("/docs/")).length).toBeGreaterThan(5);
});

test("every error code has its anchor on the page of errors, so that a note may link to it", () => {
  const errors = docAt("/docs/reference/errors");
  expect(errors?.headings.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(ERROR_CODES)));
});

test("every word of the glossary has its anchor", () => {
  const glossary = docAt("/docs/reference/glossary");
  expect(glossary && anchorsOf(glossary)).toEqual(expect.arrayContaining(["grant", "device-trusted", "verdict"]));
});

test("what a search reads is all text of all pages, each piece at an address of its own", () => {
  const sections = listSections(docs);
  expect(new Set(sections.map(({ href }) => href)).size).toBe(sections.length);
  const text = sections.map((section) => section.text).join(" ");
  for (const word of ["heat and battery", "getenv", "replicasMax", "double-entry"]) expect(text).toContain(word);
  expect(sections).toContainEqual(expect.objectContaining({ href: "/docs/reference/glossary#grant", heading: "grant", page: "Glossary" }));
});
