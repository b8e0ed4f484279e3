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
  ["notifications", "guide/be-told"],
  ["push", "guide/be-told"],
  ["passkey", "guide/use-a-passkey"],
  ["fingerprint", "guide/use-a-passkey"],
  ["quorum", "reference/glossary"],
  ["what is a shard", "reference/glossary"],
  ["grant_unknown", "reference/errors"],
  ["laptop gets hot", "guide/what-does-it-cost-me"],
  ["lost my device", "guide/lend-a-tab"],
  ["twelve words", "guide/lend-a-tab"],
  ["new computer", "guide/lend-a-tab"],
  ["bitcoin", "guide/is-it-safe"],
  ["can it read my files", "guide/is-it-safe"],
  ["how much do I earn", "guide/get-paid"],
  ["metamask", "guide/get-paid"],
  ["withdraw money", "guide/fund-your-jobs"],
  ["who sees my data", "guide/what-is-stored"],
  ["delete account", "guide/what-is-stored"],
  ["cancel a job", "guide/submit-a-job"],
  ["download results", "guide/submit-a-job"],
  ["merge outputs", "guide/cut-an-input"],
  ["how sure can I be", "guide/how-results-are-verified"],
  ["price per shard", "guide/what-it-costs"],
  ["python", "guide/what-a-program-may-do"],
  ["emscripten", "guide/write-a-program-in-c"],
  ["invite friends", "guide/compute-in-a-pool"],
  ["raspberry pi", "guide/run-a-headless-device"],
  ["createJob", "reference/api"],
  ["claimLogin", "reference/api"],
];

test.each(QUESTIONS)("“%s” leads to %s within the first three", (question, page) => {
  const found = search(question).slice(0, 3);
  expect(found.map(({ href }) => href.split("#")[0])).toContain(`/docs/${page}`);
});
