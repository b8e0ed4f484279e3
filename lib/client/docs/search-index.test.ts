import { expect, test } from "vitest";
import { buildSearchIndex, FINDINGS_MAX, FINDINGS_PER_PAGE_MAX, openSearchIndex } from "./search-index.ts";

const SECTIONS = [
  {
    href: "/docs/guide/a",
    page: "Lend a tab",
    heading: "Lend a tab",
    text: `A device holds a grant while it computes. ${"More words follow here. ".repeat(20)}`,
    also: "donate",
  },
  { href: "/docs/reference/glossary#grant", page: "Glossary", heading: "grant", text: "a contiguous range of shards", also: "" },
  { href: "/docs/reference/glossary#quorum", page: "Glossary", heading: "quorum", text: "how many replicas have to agree", also: "" },
  { href: "/docs/reference/errors#grant_unknown", page: "Errors", heading: "grant_unknown", text: "Drop the grant and go on.", also: "" },
];
const search = openSearchIndex(buildSearchIndex(SECTIONS));
const hrefs = (query: string) => search(query).map(({ href }) => href);

test("what is called by a word stands before what mentions it", () => {
  expect(hrefs("grant")).toEqual(["/docs/reference/glossary#grant", "/docs/reference/errors#grant_unknown", "/docs/guide/a"]);
});

test("half a word and a mistyped one find it", () => {
  expect(hrefs("quor")).toEqual(["/docs/reference/glossary#quorum"]);
  expect(hrefs("quorom")).toEqual(["/docs/reference/glossary#quorum"]);
});

test("what has all words of a query stands alone; where nothing has them all, what has some is found", () => {
  expect(hrefs("device grant")).toEqual(["/docs/guide/a"]);
  expect(hrefs("quorum elephant")).toEqual(["/docs/reference/glossary#quorum"]);
  expect(hrefs("elephant")).toEqual([]);
});

test("what a page is also called finds it", () => {
  expect(hrefs("How do I donate?")).toEqual(["/docs/guide/a"]);
});

test("an error code is found as it is written", () => {
  expect(hrefs("grant_unknown")[0]).toBe("/docs/reference/errors#grant_unknown");
});

test("a finding carries whole words of its beginning", () => {
  const [finding] = search("computes");
  expect(finding).toMatchObject({ page: "Lend a tab", heading: "Lend a tab" });
  expect(finding?.excerpt).toMatch(/^A device holds a grant .*\w\.?…$/);
});

test("no more findings come back than a list holds, and no more of one page than leave room for others", () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ href: `/docs/${i}#x`, page: `Page ${Math.floor(i / 25)}`, heading: `Shard ${i}`, text: "", also: "" }));
  const found = openSearchIndex(buildSearchIndex(many))("shard");
  expect(found).toHaveLength(2 * FINDINGS_PER_PAGE_MAX);
  const pages = many.map((section, i) => ({ ...section, page: `Page ${i}` }));
  expect(openSearchIndex(buildSearchIndex(pages))("shard")).toHaveLength(FINDINGS_MAX);
});
