import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TEST_SEED } from "#lib/testing/run-size.ts";
import { type Hit, parseFasta, parseHits } from "./hits-csv.ts";
import { runProteinSearch } from "./run-protein-search.ts";
import { type Alignment, alignTextbook } from "./textbook-alignment.ts";

const INPUT = join(import.meta.dirname, "input");
const DATABASE = join(INPUT, "database.fasta");
const ALL_HITS = ["--hits", "1000"];

const queries = parseFasta(readFileSync(join(INPUT, "queries.fasta"), "utf8"));
const targets = parseFasta(readFileSync(DATABASE, "utf8"));
const expectedHits = parseHits(readFileSync(join(import.meta.dirname, "expected", "hits.csv"), "utf8"));

/** A seeded generator of whole numbers below `bound` (mulberry32). */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function pick<T>(items: readonly T[], below: (bound: number) => number): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error("Nothing to pick from.");
  return item;
}

function toFasta(records: Iterable<[string, string]>): string {
  return [...records].map(([id, residues]) => `>${id}\n${residues}\n`).join("");
}

function toAlignment(hit: Hit): Alignment {
  return {
    score: Number(hit.score),
    queryStart: Number(hit.query_start),
    queryEnd: Number(hit.query_end),
    targetStart: Number(hit.target_start),
    targetEnd: Number(hit.target_end),
    identities: Number(hit.identities),
    gaps: Number(hit.gaps),
    length: Number(hit.length),
  };
}

describe("every pair of a sample equals a textbook implementation in score, ends, identities, gaps, length and rank", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "protein-search-sample-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function compareAllPairs(someQueries: Map<string, string>, someTargets: Map<string, string>): number {
    const database = join(folder, "sample.fasta");
    writeFileSync(database, toFasta(someTargets));
    const run = runProteinSearch(toFasta(someQueries), database, ALL_HITS);
    expect(run.stderr).toBe("");
    const rows = parseHits(run.stdout);
    const hits = new Map(rows.map((hit) => [`${hit.query} ${hit.target}`, toAlignment(hit)]));
    for (const [query, queryResidues] of someQueries) {
      for (const [target, targetResidues] of someTargets) {
        const expected = alignTextbook(queryResidues, targetResidues) ?? undefined;
        expect(hits.get(`${query} ${target}`), `${query} against ${target}`).toEqual(expected);
      }
    }
    const order = [...someTargets.keys()];
    for (const query of someQueries.keys()) {
      const ranked = rows.filter((hit) => hit.query === query);
      const byScore = ranked.toSorted((a, b) => Number(b.score) - Number(a.score) || order.indexOf(a.target) - order.indexOf(b.target));
      expect(ranked, `the ranking of ${query}`).toEqual(byScore);
      expect(ranked.map((hit) => Number(hit.rank))).toEqual(ranked.map((_, index) => index + 1));
    }
    return someQueries.size * someTargets.size;
  }

  test("real proteins: relatives and strangers", () => {
    const below = seeded(TEST_SEED * 1000 + 62);
    const short = [...queries].filter(([, residues]) => residues.length <= 640);
    const someQueries = new Map(Array.from({ length: 10 }, () => pick(short, below)));
    const relatives = expectedHits.filter((hit) => someQueries.has(hit.query)).map((hit) => hit.target);
    const ids = Array.from({ length: 24 }, (_, n) => pick(n % 2 === 0 ? relatives : [...targets.keys()], below));
    const someTargets = new Map(ids.map((id) => [id, targets.get(id) ?? ""]));
    expect(compareAllPairs(someQueries, someTargets)).toBeGreaterThanOrEqual(150);
  });

  test("a very long query, scores beyond one byte", () => {
    const hit = expectedHits.find((candidate) => candidate.rank === "1" && Number(candidate.length) > 1900);
    const query = hit?.query ?? "";
    const target = hit?.target ?? "";
    const pair = [new Map([[query, queries.get(query) ?? ""]]), new Map([[target, targets.get(target) ?? ""]])] as const;
    expect(compareAllPairs(...pair)).toBe(1);
  });

  test("made-up proteins of all 27 letters in both cases, full of gaps and ties", () => {
    const below = seeded(TEST_SEED * 1000 + 11);
    const letters = [..."ARNDCQEGHILKMFPSTWYVBJZX*UOwwccarndll"];
    const random = (length: number) => Array.from({ length }, () => pick(letters, below)).join("");
    const cut = (text: string) => {
      const at = below(text.length);
      return text.slice(0, at) + random(below(6)) + text.slice(at + below(8));
    };
    const parents = Array.from({ length: 8 }, () => random(1 + below(60)));
    const records = (prefix: string, count: number) =>
      new Map(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, cut(cut(cut(pick(parents, below)))) || "W"]));
    expect(compareAllPairs(records("query", 40), records("target", 40))).toBe(1600);
  });
});

test("no protein of the whole database beats the reported ten, and equal scores keep database order", () => {
  const query = "sp|P84927|DMS7_PHYTS";
  const residues = queries.get(query) ?? "";
  const scored = [...targets].map(([target, letters]) => ({
    target,
    score: alignTextbook(residues, letters)?.score ?? 0,
  }));
  const best = scored.toSorted((a, b) => b.score - a.score).slice(0, 10);
  const reported = expectedHits.filter((hit) => hit.query === query);
  expect(reported.map((hit) => ({ target: hit.target, score: Number(hit.score) }))).toEqual(best);
  expect(reported.map((hit) => hit.rank)).toEqual(best.map((_, n) => String(n + 1)));
});

test("human beta haemoglobin finds all 45 globins and a frog's haemoglobin before anything else", () => {
  const text = toFasta([["HBB_HUMAN", queries.get("HBB_HUMAN") ?? ""]]);
  const hits = parseHits(runProteinSearch(text, DATABASE, ["--hits", "60"]).stdout);
  const isGlobin = (id: string) => /^(HB|MYG_)|\|HBB_LITCT$/.test(id);
  expect(hits.slice(0, 10).every((hit) => /^HBB_/.test(hit.target))).toBe(true);
  expect(hits.slice(0, 46).filter((hit) => isGlobin(hit.target) && Number(hit.evalue) < 1e-3)).toHaveLength(46);
  expect(hits.slice(46).filter((hit) => isGlobin(hit.target) || Number(hit.evalue) < 1)).toEqual([]);
});

test("bits, expectation and percentage follow from the score and the sizes", () => {
  const databaseResidues = [...targets.values()].reduce((sum, residues) => sum + residues.length, 0);
  for (const hit of expectedHits) {
    const score = Number(hit.score);
    const evalue = 0.041 * (queries.get(hit.query) ?? "").length * databaseResidues * Math.exp(-0.267 * score);
    expect(Math.abs(Number(hit.bits) - (0.267 * score - Math.log(0.041)) / Math.LN2)).toBeLessThanOrEqual(0.0501);
    expect(Math.abs(Number(hit.evalue) - evalue)).toBeLessThanOrEqual(0.0501 * evalue);
    const percent = (100 * Number(hit.identities)) / Number(hit.length);
    expect(Math.abs(Number(hit.identity_percent) - percent)).toBeLessThanOrEqual(0.0501);
  }
});
