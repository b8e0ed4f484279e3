import { EARNING_BYTES } from "./earnings.ts";

const ACCOUNT_BYTES = 20;
/** Leaves that are read at once near the place where the address should be. */
const PAGE_LEAVES = 256;
const ADDRESS_SPACE = 2 ** 48;

/** Reads packed earnings from leaf `start` up to and not including `end`. */
export type ReadLeaves = (start: number, end: number) => Promise<Uint8Array>;

/**
 * The leaf of an address (20 bytes) in earnings sorted by address, and its bytes; null if it has none. Addresses are spread evenly, so the place is guessed and
 * a few pages are read, whatever the number of leaves.
 */
export async function findLeaf(leafCount: number, address: Uint8Array, read: ReadLeaves): Promise<{ leaf: number; packed: Uint8Array } | null> {
  const share = headOf(address, 0) / ADDRESS_SPACE;
  let low = 0;
  let high = leafCount;
  let guess = Math.floor(share * leafCount);
  while (low < high) {
    const start = Math.max(low, Math.min(guess - PAGE_LEAVES / 2, high - PAGE_LEAVES));
    const end = Math.min(high, start + PAGE_LEAVES);
    const page = await read(start, end);
    if (compareAt(page, 0, address) > 0) high = start;
    else if (compareAt(page, end - start - 1, address) < 0) low = end;
    else return searchPage(page, start, address);
    // The guess was off: halve what is left, so that no list of addresses takes more than a logarithm of pages.
    guess = Math.floor((low + high) / 2);
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
