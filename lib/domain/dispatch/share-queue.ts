import { advancePass, beginningPass, type Stride } from "./fair-share.ts";

type Entry<K> = Stride & { key: K };

/**
 * Jobs in the order in which they are to be served: the one that got least of its share first. Charging one costs O(log n) comparisons, walking costs what is
 * walked. Holds nothing that cannot be lost: after a restart all begin equal.
 */
export class ShareQueue<K> {
  #order: Entry<K>[] = [];
  readonly #entries = new Map<K, Entry<K>>();

  /** Takes over which jobs there are and their weights. One that is new begins where the least served one stands, so that it neither owes nor is owed. */
  sync(jobs: ReadonlyMap<K, number>): void {
    const begin = beginningPass(this.#order.filter((entry) => jobs.has(entry.key)));
    for (const key of this.#entries.keys()) if (!jobs.has(key)) this.#entries.delete(key);
    for (const [key, weight] of jobs) {
      const entry = this.#entries.get(key);
      if (entry) entry.weight = weight;
      else this.#entries.set(key, { key, weight, pass: begin });
    }
    this.#order = [...this.#entries.values()].sort((a, b) => a.pass - b.pass);
  }

  /** The jobs, the least served one first. Charging during the walk is not allowed. */
  *inOrder(): Generator<K> {
    for (const { key } of this.#order) yield key;
  }

  /** How much of its share a job got, in the unit of `charge()`; null for one that is not there. */
  passOf(key: K): number | null {
    return this.#entries.get(key)?.pass ?? null;
  }

  /** Notes that so much of a job was given out; a negative amount takes back what was noted too much. A job that is not there any more is left alone. */
  charge(key: K, amount: number): void {
    const entry = this.#entries.get(key);
    if (!entry || amount === 0) return;
    this.#order.splice(this.#indexOf(entry), 1);
    entry.pass = advancePass(entry, amount);
    this.#order.splice(this.#firstAfter(entry.pass), 0, entry);
  }

  #indexOf(entry: Entry<K>): number {
    for (let at = this.#firstAfter(entry.pass) - 1; at >= 0; at--) if (this.#order[at] === entry) return at;
    throw new Error("A job is missing in its order.");
  }

  /** The first place whose pass is greater. */
  #firstAfter(pass: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle]?.pass ?? Number.POSITIVE_INFINITY) <= pass) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * What part of all work a job is to get: accounts share equally, and within an account its jobs by their own weights. So a weight orders an owner's own jobs
 * and takes nothing from others, and cutting a job into many gains nothing.
 */
export function sharesOf<K>(jobs: readonly { key: K; accountId: string; weight: number }[]): Map<K, number> {
  const ofAccount = new Map<string, number>();
  for (const { accountId, weight } of jobs) ofAccount.set(accountId, (ofAccount.get(accountId) ?? 0) + weight);
  return new Map(jobs.map(({ key, accountId, weight }) => [key, weight / (ofAccount.get(accountId) ?? weight)]));
}
