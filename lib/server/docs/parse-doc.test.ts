import { describe, expect, test } from "vitest";
import { blockText } from "#lib/domain/doc/doc-tree.ts";
import { parseDoc } from "./parse-doc.ts";

const PAGE = "docs/guide/sample.md";
const parse = (body: string) => parseDoc(`# Sample\n\nWhat it is about.\n\n${body}`, PAGE);
/** The blocks after the title and the first paragraph. */
const blocksOf = (body: string) => parse(body).blocks.slice(1);
/** What stands in the only paragraph of a body. */
const inlinesOf = (body: string) => blocksOf(body).flatMap((block) => (block.kind === "paragraph" ? block.inlines : []));

describe("anchors", () => {
  test("are the heading's words as GitHub writes them", () => {
    expect(parse("## What this proves, and what not\n\n### `job.json` in *short*").headings).toEqual([
      { id: "what-this-proves-and-what-not", depth: 2, text: "What this proves, and what not" },
      { id: "jobjson-in-short", depth: 3, text: "job.json in short" },
    ]);
  });

  test("of codes are the codes themselves", () => {
    expect(parse("## not_found").headings[0]?.id).toBe("not_found");
  });

  test("of equal headings differ, also where one looks like another's number", () => {
    expect(parse("## Jobs\n\n## Jobs 1\n\n## Jobs\n\n## Jobs").headings.map(({ id }) => id)).toEqual(["jobs", "jobs-1", "jobs-2", "jobs-3"]);
  });
});

describe("links", () => {
  const linkOf = (target: string, label = "there") => inlinesOf(`[${label}](${target})`);
  const hrefOf = (target: string) => linkOf(target).map((inline) => (inline.kind === "link" ? inline.href : inline.kind));

  test.each([
    ["what-it-costs.md", "/docs/guide/what-it-costs"],
    ["../reference/protocol.md#owners", "/docs/reference/protocol#owners"],
    ["../operations/watch-it.md", "/docs/operations/watch-it"],
    ["./../reference/errors.md#not_found", "/docs/reference/errors#not_found"],
    ["../../public/schema/job.v1.json", "/schema/job.v1.json"],
    ["#links", "#links"],
    ["https://wasi.dev/", "https://wasi.dev/"],
    ["mailto:people@shoal.example", "mailto:people@shoal.example"],
  ])("%s leads to %s", (target, href) => expect(hrefOf(target)).toEqual([href]));

  test("a file without a page becomes its path, after the label where that says something else", () => {
    expect(linkOf("../../SECURITY.md", "SECURITY.md")).toEqual([{ kind: "code", text: "SECURITY.md" }]);
    expect(linkOf("../decisions/007-ids.md")).toEqual([
      { kind: "text", text: "there" },
      { kind: "text", text: " (" },
      { kind: "code", text: "docs/decisions/007-ids.md" },
      { kind: "text", text: ")" },
    ]);
  });

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,hello",
    "vbscript:x",
    "file:///etc/passwd",
    "//elsewhere.example/x",
    "/\\elsewhere.example",
    "../../../outside.md",
  ])("%s is not followed", (target) => {
    expect(JSON.stringify(linkOf(target))).not.toContain('"link"');
    expect(linkOf(target)[0]).toEqual({ kind: "text", text: "there" });
  });

  test("a scheme that is written with blanks inside is no link at all", () => {
    expect(JSON.stringify(inlinesOf("[there](<java\tscript:alert(1)>) [there](< javascript:alert(1)>)"))).not.toContain('"link"');
  });
});

describe("HTML", () => {
  test("is shown as the text it is", () => {
    expect(inlinesOf("a <b onclick=x>bold</b> move").map((inline) => inline.kind)).toEqual(["text", "text", "text", "text", "text"]);
    expect(blocksOf("a <b onclick=x>bold</b> move").map(blockText)).toEqual(["a <b onclick=x>bold</b> move"]);
    expect(blocksOf("<script>alert(1)</script>")).toEqual([{ kind: "paragraph", inlines: [{ kind: "text", text: "<script>alert(1)</script>" }] }]);
    expect(blocksOf("| a |\n|---|\n| <img src=x onerror=y> |").map(blockText)).toEqual(["a <img src=x onerror=y>"]);
  });

  test("comments to whoever edits the file are left out, and nothing that hides beside one", () => {
    expect(blocksOf("<!-- Generated; do not edit. -->")).toEqual([]);
    expect(blocksOf("a <!-- note --> b").map(blockText)).toEqual(["a  b"]);
    expect(blocksOf("<!-- a --><i>b</i><!-- c -->").map(blockText).join("")).toContain("<i>b</i>");
  });

  test("entities become their characters in text, and stay as written in code", () => {
    expect(blocksOf("`&lt;` is &lt; and AT&T &amp; &unknown; \\&lt;").map(blockText)).toEqual(["&lt; is < and AT&T & &unknown; &lt;"]);
  });
});

describe("blocks", () => {
  test("code keeps every character and is numbered through the page", () => {
    expect(blocksOf("```c\nif (a < b) {}\n```\n\n    npm ci\n")).toEqual([
      { kind: "code", text: "if (a < b) {}", number: 1 },
      { kind: "code", text: "npm ci", number: 2 },
    ]);
  });

  test("lists keep their numbers and what stands inside their items", () => {
    const [list] = blocksOf("3. one\n4. two\n\n       code\n");
    expect(list).toMatchObject({ kind: "list", start: 3, items: [[{ kind: "paragraph" }], [{ kind: "paragraph" }, { kind: "code", text: "code" }]] });
    expect(blocksOf("- **one** `x`")).toMatchObject([{ kind: "list", start: null, items: [[{ inlines: [{ kind: "strong" }, {}, { kind: "code" }] }]] }]);
  });

  test("a table of words gives each word an anchor", () => {
    expect(blocksOf("| word | meaning |\n|---|---|\n| device, trusted | a *device* |")).toMatchObject([
      { kind: "terms", terms: [{ id: "device-trusted", word: "device, trusted" }] },
    ]);
  });

  test("quotes, rules and marks that have no form of their own lose no text", () => {
    expect(blocksOf("> quoted\n\n---\n\n~~gone~~ ![a picture](x.png)\\\nnext").map(blockText)).toEqual(["quoted", "", "~~gone~~ a picture next"]);
  });
});

describe("a page", () => {
  test("is called by its title and described by whole sentences of its first paragraph", () => {
    const long = `${"One sentence that takes some room. ".repeat(5)}${"Another ".repeat(20)}ends.`;
    expect(parseDoc(`# A *page*\n\n${long}\n`, PAGE)).toMatchObject({ title: "A page", description: "One sentence that takes some room. ".repeat(5).trim() });
    expect(parseDoc(`# A\n\n${"word ".repeat(60)}\n`, PAGE).description).toMatch(/^(word )+word…$/);
    expect(parseDoc("# A\n\nIt runs so:\n", PAGE).description).toBe("It runs so.");
  });

  test("without a title or a paragraph is refused by its name", () => {
    expect(() => parseDoc("## Late\n\ntext", PAGE)).toThrow(PAGE);
    expect(() => parseDoc("# Empty\n\n- list\n", PAGE)).toThrow(PAGE);
  });
});
