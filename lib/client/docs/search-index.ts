import MiniSearch, { type Options } from "minisearch";
import { queryTerms } from "./query-terms.ts";

/** A section as it is searched: where it is, which page it belongs to, its heading, its text, and what else it is called. */
type Section = { href: string; page: string; heading: string; text: string; also: string };
export type Finding = Pick<Section, "href" | "page" | "heading"> & { excerpt: string };

const EXCERPT_CHARS = 140;
export const FINDINGS_MAX = 8;
/** So that one page about a word leaves room for the others that speak of it. */
export const FINDINGS_PER_PAGE_MAX = 3;

const OPTIONS: Options<Section & { excerpt: string }> = {
  idField: "href",
  fields: ["heading", "page", "also", "text"],
  storeFields: ["href", "page", "heading", "excerpt"],
  searchOptions: {
    // Half a word finds the whole one, and one wrong letter in five is forgiven.
    prefix: true,
    fuzzy: (word) => (word.length > 4 ? 0.2 : false),
    // What a section is called counts more than what it mentions, and most if it is called just that.
    boost: { heading: 4, page: 2, also: 3 },
    boostDocument: (_, word, stored) => {
      // A list of calls answers who looks for a call by its name; whoever asks in words is led to what explains.
      if (stored?.page === "API") return 0.1;
      return String(stored?.heading).toLowerCase() === word ? 3 : 1;
    },
  },
};

/** The index of some sections as text, to be kept in a file. */
export function buildSearchIndex(sections: readonly Section[]): string {
  const index = new MiniSearch(OPTIONS);
  index.addAll(sections.map((section) => ({ ...section, excerpt: excerptOf(section.text) })));
  return JSON.stringify(index);
}

/**
 * Opens an index that `buildSearchIndex` wrote; what comes back lists what was found, best first. Sections that have all words of a query are found, or,
 * where there are none, those that have some.
 */
export function openSearchIndex(content: string): (query: string) => Finding[] {
  const index = MiniSearch.loadJSON(content, OPTIONS);
  return (query) => {
    const words = queryTerms(query).join(" ");
    const all = index.search(words, { combineWith: "AND" });
    const found = all.length > 0 ? all : index.search(words, { combineWith: "OR" });
    const perPage = new Map<string, number>();
    const findings = found.filter(({ page }) => {
      const before = perPage.get(page) ?? 0;
      perPage.set(page, before + 1);
      return before < FINDINGS_PER_PAGE_MAX;
    });
    return findings.slice(0, FINDINGS_MAX).map(({ href, page, heading, excerpt }): Finding => ({ href, page, heading, excerpt }));
  };
}

function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= EXCERPT_CHARS ? line : `${line.slice(0, line.lastIndexOf(" ", EXCERPT_CHARS))}…`;
}
