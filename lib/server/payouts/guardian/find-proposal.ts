import "server-only";
import type { Address, Hex, PublicClient } from "viem";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { isRefusal } from "../../chain/read-logs.ts";

/** Where proposals are looked for: from the newest block back to `startBlock`. */
export type Place = { client: PublicClient; escrow: Address; startBlock: bigint };
/** `root` and `finalizableAt` are of the pending one; `finalEpoch` is the number of the last that became final, 0 before the first. */
export type Wanted = { epoch: number; root: Hex; finalizableAt: bigint; finalEpoch: number };
type Proposed = { epoch: bigint; root: Hex; dataHash: Hex; cumulativeTotal: bigint; gross: bigint; fee: bigint };
export type Found = { proposed: Proposed; debits: { budget: Hex; amount: bigint }[]; finalDataHash: Hex | null };
type Search = { key: string; next: bigint; proposed: Map<number, Proposed>; debits: Found["debits"] };

const BLOCKS_MAX = 2000n;
const EVENTS = jobEscrowAbi.filter((entry) => entry.type === "event" && (entry.name === "EpochProposed" || entry.name === "BudgetDebited"));

/** The latest search of each place: one that failed goes on where it stopped, one that ended is not repeated. */
const searches = new WeakMap<Place, Search>();

/**
 * The pending proposal with its debits, and the hash of the file of the last final epoch, from the contract's events. Reads back from the newest block by ranges that become smaller
 * when the chain's server refuses them, and no further than it must. Throws if the chain does not answer, or does not have them.
 */
export async function findProposal(place: Place, wanted: Wanted): Promise<Found> {
  const search = await openSearch(place, wanted);
  let blocks = BLOCKS_MAX;
  for (;;) {
    const found = readFound(search, wanted);
    if (found) return found;
    const from = search.next - blocks + 1n > place.startBlock ? search.next - blocks + 1n : place.startBlock;
    if (search.next < from) {
      searches.delete(place);
      throw new Error(`epoch ${wanted.epoch} is pending, and its proposal or that of epoch ${wanted.finalEpoch} cannot be found`);
    }
    try {
      await readRange(place, search, { from, epoch: wanted.epoch });
    } catch (error) {
      if (!isRefusal(error) || blocks === 1n) throw error;
      blocks /= 2n;
    }
  }
}

/** A proposal with the same root at the same second is the same one, even if it came with another block. */
async function openSearch(place: Place, { epoch, root, finalizableAt, finalEpoch }: Wanted): Promise<Search> {
  const key = [epoch, root, finalizableAt, finalEpoch].join();
  const known = searches.get(place);
  if (known?.key === key) return known;
  const search = { key, next: await place.client.getBlockNumber({ cacheTime: 0 }), proposed: new Map(), debits: [] };
  searches.set(place, search);
  return search;
}

function readFound({ proposed, debits }: Search, { epoch, finalEpoch }: Wanted): Found | null {
  const pending = proposed.get(epoch);
  const final = proposed.get(finalEpoch);
  if (!pending || (finalEpoch !== 0 && !final)) return null;
  return { proposed: pending, debits, finalDataHash: final?.dataHash ?? null };
}

async function readRange({ client, escrow }: Place, search: Search, { from, epoch }: { from: bigint; epoch: number }): Promise<void> {
  const logs = await client.getLogs({ address: escrow, events: EVENTS, fromBlock: from, toBlock: search.next, strict: true });
  for (const log of logs) {
    if (log.eventName === "EpochProposed") search.proposed.set(Number(log.args.epoch), log.args);
    // A proposal and its debits are of one transaction, so of one range, and in the order in which the contract wants them back.
    else if (log.args.epoch === BigInt(epoch)) search.debits.push({ budget: log.args.budget, amount: log.args.amount });
  }
  search.next = from - 1n;
}
