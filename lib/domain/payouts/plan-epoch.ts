import { least, type Micro } from "../ledger/money.ts";
import { type Stake, splitSpent } from "../ledger/stakes.ts";

/**
 * What a job could hand to an epoch: vested earnings of accounts that can be paid, and the fee that lies beside them. `stakes` where several funded it; otherwise all
 * of it is its owner's.
 */
export type Candidate = { jobId: string; ownerId: string; netMicro: Micro; feeMicro: Micro; stakes?: readonly Stake[] };
/** A budget, and the most that this epoch may take from it: nothing once its owner's way out is open. */
export type Source = { key: string; accountId: string; takeableMicro: Micro };
/** What is taken from a budget for the money that an owner put into jobs; the instance's own budget pays for many. */
export type Debit = { key: string; ownerId: string; amountMicro: Micro };
/** Of what a job offers: net times `share` of `whole`, rounded down for each device, and a fee of at most `feeMicro`. */
export type Take = Candidate & { share: Micro; whole: Micro };

export type Means = {
  sources: readonly Source[];
  /** Money that the instance gave to owners and that its own account still has to pay, by owner. */
  granted: ReadonlyMap<string, Micro>;
  /** The account whose budgets pay for it; null where nothing is given. */
  sponsorId: string | null;
  /** The most that the contract lets one epoch take. */
  capMicro: Micro;
  /** The most of what is taken that may be fee, in hundredths of a per cent. */
  feeBps: number;
};

const BPS = 10_000n;

/**
 * Decides what an epoch takes from which job. An owner's jobs get what the owner's budgets can give in this epoch, those that do not fit get a share, and what
 * is left waits for the next epoch. Jobs come in the given order.
 */
export function planEpoch(candidates: readonly Candidate[], means: Means): Take[] {
  const purse = new Purse(means);
  const takes: Take[] = [];
  for (const candidate of candidates) {
    const feeMicro = least(candidate.feeMicro, feeAllowed(candidate.netMicro, means.feeBps));
    const whole = candidate.netMicro + feeMicro;
    const share = candidate.netMicro === 0n ? 0n : affordable(candidate, whole, purse);
    if (share === 0n) continue;
    purse.spendAll(payersOf(candidate, share));
    takes.push({ ...candidate, feeMicro: (feeMicro * share) / whole, share, whole });
  }
  return takes;
}

/** Whose money pays how much of what is taken from a job. */
export function payersOf({ ownerId, stakes }: Pick<Candidate, "ownerId" | "stakes">, amountMicro: Micro): [accountId: string, partMicro: Micro][] {
  if (!stakes) return [[ownerId, amountMicro]];
  const parts = splitSpent(stakes, amountMicro);
  return stakes.map(({ accountId }, i) => [accountId, parts[i] ?? 0n]);
}

/** The most of a job, up to its whole, that the budgets of those who pay for it can give. If they can give an amount they can give a smaller one, so halving finds it. */
function affordable(candidate: Candidate, whole: Micro, purse: Purse): Micro {
  if (!candidate.stakes) return least(whole, purse.left(candidate.ownerId));
  let [low, high] = [0n, whole + 1n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (purse.copy().spendAll(payersOf(candidate, middle))) low = middle;
    else high = middle;
  }
  return low;
}

/** The largest fee beside a net amount such that it is at most its part of both together. */
function feeAllowed(netMicro: Micro, feeBps: number): Micro {
  return (netMicro * BigInt(feeBps)) / (BPS - BigInt(feeBps));
}

/**
 * Divides what was really taken over the budgets: what the instance gave first, then the owner's own by key. `spent` names owners in the order in which `planEpoch` took from their jobs,
 * because the instance's budget is shared: whoever comes first gets what it has left. Throws if the budgets do not cover it.
 */
export function drawDebits(spent: readonly (readonly [ownerId: string, amountMicro: Micro])[], means: Means): Debit[] {
  const purse = new Purse(means);
  const sums = new Map<string, Debit>();
  for (const [ownerId, amountMicro] of spent)
    for (const debit of purse.spend(ownerId, amountMicro)) {
      const at = `${debit.key} ${ownerId}`;
      sums.set(at, { ...debit, amountMicro: debit.amountMicro + (sums.get(at)?.amountMicro ?? 0n) });
    }
  return [...sums.values()];
}

/** What budgets can still give. */
class Purse {
  readonly #own: Map<string, Source[]>;
  readonly #granted: Map<string, Micro>;
  readonly #sponsorId: string | null;
  #capMicro: Micro;

  constructor({ sources, granted, sponsorId, capMicro }: Omit<Means, "feeBps">) {
    const sorted = sources.map((source) => ({ ...source })).sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#own = Map.groupBy(sorted, ({ accountId }) => accountId);
    this.#granted = new Map(granted);
    this.#sponsorId = sponsorId;
    this.#capMicro = capMicro;
  }

  /** Another purse with what this one has left. */
  copy(): Purse {
    return new Purse({ sources: [...this.#own.values()].flat(), granted: this.#granted, sponsorId: this.#sponsorId, capMicro: this.#capMicro });
  }

  left(ownerId: string): Micro {
    const gift = least(this.#granted.get(ownerId) ?? 0n, sumOf(this.#ofSponsor(ownerId)));
    return least(gift + sumOf(this.#own.get(ownerId) ?? []), this.#capMicro);
  }

  /** Takes parts one after the other; false, having taken those before it, at one that the budgets do not hold. */
  spendAll(parts: readonly (readonly [ownerId: string, amountMicro: Micro])[]): boolean {
    return parts.every(([ownerId, amountMicro]) => amountMicro <= this.left(ownerId) && this.spend(ownerId, amountMicro));
  }

  spend(ownerId: string, amountMicro: Micro): Debit[] {
    if (amountMicro > this.left(ownerId)) throw new RangeError(`The budgets of ${ownerId} do not hold ${amountMicro}.`);
    this.#capMicro -= amountMicro;
    const giftMicro = least(least(this.#granted.get(ownerId) ?? 0n, sumOf(this.#ofSponsor(ownerId))), amountMicro);
    this.#granted.set(ownerId, (this.#granted.get(ownerId) ?? 0n) - giftMicro);
    return [...take(this.#ofSponsor(ownerId), ownerId, giftMicro), ...take(this.#own.get(ownerId) ?? [], ownerId, amountMicro - giftMicro)];
  }

  /** The sponsor's own jobs are paid as everybody's are. */
  #ofSponsor(ownerId: string): Source[] {
    return this.#sponsorId === null || this.#sponsorId === ownerId ? [] : (this.#own.get(this.#sponsorId) ?? []);
  }
}

function sumOf(sources: readonly Source[]): Micro {
  return sources.reduce((sum, { takeableMicro }) => sum + takeableMicro, 0n);
}

function take(sources: Source[], ownerId: string, amountMicro: Micro): Debit[] {
  const debits: Debit[] = [];
  let rest = amountMicro;
  for (const source of sources) {
    const part = least(source.takeableMicro, rest);
    if (part === 0n) continue;
    source.takeableMicro -= part;
    rest -= part;
    debits.push({ key: source.key, ownerId, amountMicro: part });
  }
  return debits;
}
