import type { Micro } from "../ledger/money.ts";
import { firstRunStart, type LeafRun } from "../merkle/proof.ts";

/** What the contract's BATCH_SIZE_MAX is at most paid for at once, and still fits a block of any network of today. */
const BATCH_LEAVES_MAX = 128;
/** From an eighth of its leaves on a subtree is cheaper than payments of their own: an idle leaf costs about 5,000 gas, a claim of its own 70,000. */
const WORTHWHILE_PART = 8;

/**
 * Which payments reach the most people for the least gas: whole subtrees in which enough leaves have something due are paid with one proof, the others singly. `dues` are what is due
 * by leaf; leaves with less than `leastMicro` due do not count, though a subtree that is paid pays them too.
 */
export function chooseBatches(dues: readonly Micro[], leastMicro: Micro): { batches: LeafRun[]; singles: number[] } {
  const isDue = (leaf: number) => (dues[leaf] ?? 0n) > 0n && (dues[leaf] ?? 0n) >= leastMicro;
  let size = BATCH_LEAVES_MAX;
  while (size > 1 && firstRunStart(dues.length, size) + size > dues.length) size /= 2;
  const batches: LeafRun[] = [];
  const isPaid = new Set<number>();
  for (let start = firstRunStart(dues.length, size); start + size <= dues.length; start += size) {
    const leaves = Array.from({ length: size }, (_, i) => start + i);
    if (leaves.filter(isDue).length < Math.max(2, size / WORTHWHILE_PART)) continue;
    batches.push({ start, size });
    for (const leaf of leaves) isPaid.add(leaf);
  }
  return { batches, singles: dues.flatMap((_, leaf) => (isDue(leaf) && !isPaid.has(leaf) ? [leaf] : [])) };
}
