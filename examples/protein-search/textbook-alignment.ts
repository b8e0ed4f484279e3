/**
 * Smith–Waterman–Gotoh as the textbooks write it, three whole matrices and a traceback, to check the program against.
 * It shares nothing with the C source: the scores are Biopython's table BLASTP (NCBI's BLOSUM62 in alphabetical order,
 * with rows for J, O and U).
 */
export type Alignment = {
  score: number;
  queryStart: number;
  queryEnd: number;
  targetStart: number;
  targetEnd: number;
  identities: number;
  gaps: number;
  length: number;
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

const BLASTP = `
 4 -2  0 -2 -1 -2  0 -2 -1 -1 -1 -1 -1 -2 -1 -1 -1 -1  1  0  0  0 -3 -1 -2 -1 -4
-2  4 -3  4  1 -3 -1  0 -3 -3  0 -4 -3  4 -1 -2  0 -1  0 -1 -3 -3 -4 -1 -3  0 -4
 0 -3  9 -3 -4 -2 -3 -3 -1 -1 -3 -1 -1 -3 -1 -3 -3 -3 -1 -1  9 -1 -2 -1 -2 -3 -4
-2  4 -3  6  2 -3 -1 -1 -3 -3 -1 -4 -3  1 -1 -1  0 -2  0 -1 -3 -3 -4 -1 -3  1 -4
-1  1 -4  2  5 -3 -2  0 -3 -3  1 -3 -2  0 -1 -1  2  0  0 -1 -4 -2 -3 -1 -2  4 -4
-2 -3 -2 -3 -3  6 -3 -1  0  0 -3  0  0 -3 -1 -4 -3 -3 -2 -2 -2 -1  1 -1  3 -3 -4
 0 -1 -3 -1 -2 -3  6 -2 -4 -4 -2 -4 -3  0 -1 -2 -2 -2  0 -2 -3 -3 -2 -1 -3 -2 -4
-2  0 -3 -1  0 -1 -2  8 -3 -3 -1 -3 -2  1 -1 -2  0  0 -1 -2 -3 -3 -2 -1  2  0 -4
-1 -3 -1 -3 -3  0 -4 -3  4  3 -3  2  1 -3 -1 -3 -3 -3 -2 -1 -1  3 -3 -1 -1 -3 -4
-1 -3 -1 -3 -3  0 -4 -3  3  3 -3  3  2 -3 -1 -3 -2 -2 -2 -1 -1  2 -2 -1 -1 -3 -4
-1  0 -3 -1  1 -3 -2 -1 -3 -3  5 -2 -1  0 -1 -1  1  2  0 -1 -3 -2 -3 -1 -2  1 -4
-1 -4 -1 -4 -3  0 -4 -3  2  3 -2  4  2 -3 -1 -3 -2 -2 -2 -1 -1  1 -2 -1 -1 -3 -4
-1 -3 -1 -3 -2  0 -3 -2  1  2 -1  2  5 -2 -1 -2  0 -1 -1 -1 -1  1 -1 -1 -1 -1 -4
-2  4 -3  1  0 -3  0  1 -3 -3  0 -3 -2  6 -1 -2  0  0  1  0 -3 -3 -4 -1 -2  0 -4
-1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -4
-1 -2 -3 -1 -1 -4 -2 -2 -3 -3 -1 -3 -2 -2 -1  7 -1 -2 -1 -1 -3 -2 -4 -1 -3 -1 -4
-1  0 -3  0  2 -3 -2  0 -3 -2  1 -2  0  0 -1 -1  5  1  0 -1 -3 -2 -2 -1 -1  4 -4
-1 -1 -3 -2  0 -3 -2  0 -3 -2  2 -2 -1  0 -1 -2  1  5 -1 -1 -3 -3 -3 -1 -2  0 -4
 1  0 -1  0  0 -2  0 -1 -2 -2  0 -2 -1  1 -1 -1  0 -1  4  1 -1 -2 -3 -1 -2  0 -4
 0 -1 -1 -1 -1 -2 -2 -2 -1 -1 -1 -1 -1  0 -1 -1 -1 -1  1  5 -1  0 -2 -1 -2 -1 -4
 0 -3  9 -3 -4 -2 -3 -3 -1 -1 -3 -1 -1 -3 -1 -3 -3 -3 -1 -1  9 -1 -2 -1 -2 -3 -4
 0 -3 -1 -3 -2 -1 -3 -3  3  2 -2  1  1 -3 -1 -2 -2 -3 -2  0 -1  4 -3 -1 -1 -2 -4
-3 -4 -2 -4 -3  1 -2 -2 -3 -2 -3 -2 -1 -4 -1 -4 -2 -3 -3 -2 -2 -3 11 -1  2 -2 -4
-1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -4
-2 -3 -2 -3 -2  3 -3  2 -1 -1 -2 -1 -1 -2 -1 -3 -1 -2 -2 -2 -2 -1  2 -1  7 -2 -4
-1  0 -3  1  4 -3 -2  0 -3 -3  1 -3 -1  0 -1 -1  4  0  0 -1 -3 -2 -2 -1 -2  4 -4
-4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4  1`;

const SCORES = Int32Array.from(BLASTP.trim().split(/\s+/), Number);

function encode(residues: string): Uint8Array {
  return Uint8Array.from(residues, (letter) => LETTERS.indexOf(letter.toUpperCase()));
}

/** A gap of length k costs 11 + k, so its first letter costs 12 and each further one 1. */
const FIRST = 12;
const FURTHER = 1;
const NEVER = -1_000_000;

/** Best scores of alignments that end at query letter i and target letter j: in anything, in a target letter over a gap, in a query letter over a gap. */
type Matrices = { width: number; any: Int32Array; overTarget: Int32Array; overQuery: Int32Array };

const at = (cells: Int32Array | Uint8Array, index: number): number => cells[index] ?? Number.NaN;

function fill(query: Uint8Array, target: Uint8Array): Matrices {
  const width = query.length + 1;
  const size = width * (target.length + 1);
  const any = new Int32Array(size);
  const overTarget = new Int32Array(size).fill(NEVER);
  const overQuery = new Int32Array(size).fill(NEVER);
  for (let j = 1; j <= target.length; j++) {
    for (let i = 1; i <= query.length; i++) {
      const cell = j * width + i;
      const row = at(query, i - 1) * LETTERS.length;
      const pair = at(any, cell - width - 1) + at(SCORES, row + at(target, j - 1));
      overTarget[cell] = Math.max(at(any, cell - width) - FIRST, at(overTarget, cell - width) - FURTHER);
      overQuery[cell] = Math.max(at(any, cell - 1) - FIRST, at(overQuery, cell - 1) - FURTHER);
      any[cell] = Math.max(0, pair, at(overTarget, cell), at(overQuery, cell));
    }
  }
  return { width, any, overTarget, overQuery };
}

/** How long the gap that ends in `cell` is, at least: `step` leads from a cell to the one before it in the gap. */
function gapLength(gap: Int32Array, any: Int32Array, cell: number, step: number): number {
  let length = 1;
  while (at(gap, cell - (length - 1) * step) !== at(any, cell - length * step) - FIRST) length++;
  return length;
}

/** The alignment the README promises: first end in the target, then in the query; pairs before gaps, short gaps. */
export function alignTextbook(queryResidues: string, targetResidues: string): Alignment | null {
  const query = encode(queryResidues);
  const target = encode(targetResidues);
  const { width, any, overTarget, overQuery } = fill(query, target);
  const score = any.reduce((best, value) => Math.max(best, value), 0);
  if (score === 0) return null;
  const end = any.indexOf(score);
  const found = { score, queryEnd: end % width, targetEnd: Math.floor(end / width), identities: 0, gaps: 0, length: 0 };
  let cell = end;
  while (at(any, cell) > 0) {
    const queryCode = at(query, (cell % width) - 1);
    const targetCode = at(target, Math.floor(cell / width) - 1);
    if (at(any, cell) === at(any, cell - width - 1) + at(SCORES, queryCode * LETTERS.length + targetCode)) {
      found.identities += queryCode === targetCode ? 1 : 0;
      found.length += 1;
      cell -= width + 1;
      continue;
    }
    const isOverTarget = at(any, cell) === at(overTarget, cell);
    const step = isOverTarget ? width : 1;
    const gap = gapLength(isOverTarget ? overTarget : overQuery, any, cell, step);
    found.gaps += gap;
    found.length += gap;
    cell -= gap * step;
  }
  return { ...found, queryStart: (cell % width) + 1, targetStart: Math.floor(cell / width) + 1 };
}
