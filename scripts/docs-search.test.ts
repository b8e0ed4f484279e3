import { join } from "node:path";
import { expect, test } from "vitest";
import { buildSearchIndex, openSearchIndex } from "../lib/client/docs/search-index.ts";
import { listSections } from "../lib/server/docs/list-sections.ts";
import { listDocs } from "../lib/server/docs/read-docs.ts";

const search = openSearchIndex(buildSearchIndex(listSections(await listDocs(join(import.meta.dirname, "..")))));

/** What a newcomer types, and the page that answers it. */
const QUESTIONS: readonly [question: string, page: string][] = [
  ["is it safe", "guide/is-it-safe"],
  ["virus", "guide/is-it-safe"],
  ["mining", "guide/is-it-safe"],
  ["cost", "guide/what-does-it-cost-me"],
  ["what does it cost", "guide/what-it-costs"],
  ["battery", "guide/what-does-it-cost-me"],
  ["idle", "guide/why-am-i-idle"],
  ["why is nothing happening", "guide/why-am-i-idle"],
  ["privacy", "guide/what-is-stored"],
  ["cookies", "guide/what-is-stored"],
  ["delete my data", "guide/what-is-stored"],
  ["claim", "guide/get-paid"],
  ["payout", "guide/what-it-costs"],
  ["how do I start", "guide/lend-a-tab"],
  ["sign in", "guide/submit-a-job"],
  ["api key", "guide/use-the-terminal"],
  ["slice csv", "guide/cut-an-input"],
  ["cut a csv", "guide/cut-an-input"],
  ["cheating", "guide/how-results-are-verified"],
  ["verify", "guide/how-results-are-verified"],
  ["rust", "guide/write-a-program-in-rust"],
  ["go", "guide/write-a-program-in-go"],
  ["zig", "guide/write-a-program-in-zig"],
  ["c++", "guide/write-a-program-in-c"],
  ["javascript", "guide/write-a-program-in-typescript"],
  ["self host", "operations/run-in-production"],
  ["docker", "operations/run-in-production"],
  ["backup", "operations/back-up-and-restore"],
  ["quorum", "reference/glossary"],
  ["what is a shard", "reference/glossary"],
  ["grant_unknown", "reference/errors"],
];

test.each(QUESTIONS)("“%s” leads to %s within the first three", (question, page) => {
  const found = search(question).slice(0, 3);
  expect(found.map(({ href }) => href.split("#")[0])).toContain(`/docs/${page}`);
});
