import { expect, test } from "vitest";
import { CATALOGUES } from "./catalogue.ts";
import { LANGUAGES, type Language } from "./languages.ts";

/** Sentences that are the same word in both languages. */
const SAME: Readonly<Partial<Record<Language, ReadonlySet<string>>>> = {
  de: new Set([
    "Shoal",
    "Start",
    "Jobs",
    "Name",
    "Code",
    "Text",
    "CSV",
    "NDJSON",
    "MiB",
    "KiB",
    "px",
    "s",
    "Shard",
    "Shards",
    "Passkey",
    "Pool",
    "Pools",
    "Link",
    "Browser",
    "Wallet",
    "Chain",
    "Shard {no, number}",
    "Trap: {trap}",
    "Bytes",
    "WebAssembly",
    "Browser",
    "Job",
    "Status",
  ]),
};
const others = LANGUAGES.filter((language) => language !== "en");

/** Every sentence of a catalogue by its path; phrases of the instance are keyed by their English and looked at in `translate-phrase.test.ts`. */
function sentencesOf(value: unknown, path = ""): [string, string][] {
  if (path === ".phrases") return [];
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, part]) => sentencesOf(part, `${path}.${name}`));
}

const placeholders = (sentence: string) => [...new Set(sentence.match(/\{\w+(?:, \w+)?\}/g))].sort();
const english = new Map(sentencesOf(CATALOGUES.en));

test.each(others)("%s has the sentences of English, each with the same placeholders", (language) => {
  const sentences = sentencesOf(CATALOGUES[language]);
  expect(sentences.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
  const unlike = sentences.filter(([path, sentence]) => placeholders(sentence).join() !== placeholders(english.get(path) ?? "").join());
  expect(unlike).toEqual([]);
});

test.each(others)("no sentence of %s was left in English", (language) => {
  // What holds only placeholders and signs has no language.
  const isWords = (sentence: string) => /\p{L}/u.test(sentence.replace(/\{[^}]*\}/g, ""));
  const left = sentencesOf(CATALOGUES[language]).filter(
    ([path, sentence]) => sentence === english.get(path) && isWords(sentence) && !SAME[language]?.has(sentence),
  );
  expect(left).toEqual([]);
});

test.each(LANGUAGES)("no sentence of %s shouts or is empty", (language) => {
  expect(sentencesOf(CATALOGUES[language]).filter(([, sentence]) => sentence.includes("!") || sentence.trim() === "")).toEqual([]);
});
