import { EARNING_BYTES } from "./earnings.ts";

const ACCOUNT_BYTES = 20;
/** Leaves that are read at once near the place where the address should be: 64 KiB, four times as many as a guess among a million is usually wrong by. */
export const PAGE_LEAVES = 2048;
const ADDRESS_SPACE = 2 ** 48;

/** Reads packed earnings from leaf `start` up to and not including `end`. */
export type ReadLeaves = (start: number, end: number) => Promise<Uint8Array>;

/** Guesses before what is left is halved: addresses that somebody chose to lie unevenly make every guess wrong. */
const GUESSES_MAX = 4;

/**
 * The leaf of an address (20 bytes) in earnings sorted by address, and its bytes; null if it has none. Addresses are spread evenly, so the place is guessed between the
 * nearest addresses that are known on either side: of a million leaves one page is read, seldom two, and of no list more than a logarithm of pages.
 */
export async function findLeaf(
  leafCount: number,
  address: Uint8Array,
  read: ReadLeaves,
  pageLeaves = PAGE_LEAVES,
): Promise<{ leaf: number; packed: Uint8Array } | null> {
  const head = headOf(address, 0);
  let [low, lowHead] = [0, 0];
  let [high, highHead] = [leafCount, ADDRESS_SPACE];
  for (let turn = 0; low < high; turn += 1) {
    const share = turn < GUESSES_MAX && highHead > lowHead ? (head - lowHead) / (highHead - lowHead) : 0.5;
    const guess = Math.floor(low + share * (high - low));
    const start = Math.max(low, Math.min(guess - pageLeaves / 2, high - pageLeaves));
    const end = Math.min(high, start + pageLeaves);
    const page = await read(start, end);
    const last = end - start - 1;
    if (compareAt(page, 0, address) > 0) [high, highHead] = [start, headOf(page, 0)];
    else if (compareAt(page, last, address) < 0) [low, lowHead] = [end, headOf(page, last * EARNING_BYTES)];
    else return searchPage(page, start, address);
  }
  return null;
}

function searchPage(page: Uint8Array, start: number, address: Uint8Array): { leaf: number; packed: Uint8Array } | null {
  let low = 0;
  let high = page.length / EARNING_BYTES - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareAt(page, middle, address);
    if (order === 0) return { leaf: start + middle, packed: page.subarray(middle * EARNING_BYTES, (middle + 1) * EARNING_BYTES) };
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/** Less than zero if the address of that leaf comes before the given one, as bytes. */
function compareAt(packed: Uint8Array, leaf: number, address: Uint8Array): number {
  for (let byte = 0; byte < ACCOUNT_BYTES; byte += 1) {
    const difference = (packed[leaf * EARNING_BYTES + byte] ?? 0) - (address[byte] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function headOf(bytes: Uint8Array, at: number): number {
  let head = 0;
  for (let byte = 0; byte < 6; byte += 1) head = head * 256 + (bytes[at + byte] ?? 0);
  return head;
}
