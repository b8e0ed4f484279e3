import { least, type Micro } from "../ledger/money.ts";

/** What a job could hand to an epoch: vested earnings of accounts that can be paid, and the fee that lies beside them. */
export type Candidate = { jobId: string; ownerId: string; netMicro: Micro; feeMicro: Micro };
/** A budget, and the most that this epoch may take from it: nothing once its owner's way out is open. */
export type Source = { key: string; accountId: string; takeableMicro: Micro };
/** What is taken from a budget for the jobs of an owner; the instance's own budget pays for many. */
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
    const share = least(whole, purse.left(candidate.ownerId));
    if (candidate.netMicro === 0n || share === 0n) continue;
    purse.spend(candidate.ownerId, share);
    takes.push({ ...candidate, feeMicro: (feeMicro * share) / whole, share, whole });
  }
  return takes;
}

/** The largest fee beside a net amount such that it is at most its part of both together. */
function feeAllowed(netMicro: Micro, feeBps: number): Micro {
  return (netMicro * BigInt(feeBps)) / (BPS - BigInt(feeBps));
}

/** Divides what was really taken for each owner over the budgets: what the instance gave first, then the owner's own by key. Throws if they do not cover it. */
export function drawDebits(spent: ReadonlyMap<string, Micro>, means: Means): Debit[] {
  const purse = new Purse(means);
  return [...spent].filter(([, amountMicro]) => amountMicro > 0n).flatMap(([ownerId, amountMicro]) => purse.spend(ownerId, amountMicro));
}

/** What budgets can still give. */
class Purse {
  readonly #own: Map<string, Source[]>;
  readonly #granted: Map<string, Micro>;
  readonly #sponsorId: string | null;
  #capMicro: Micro;

  constructor({ sources, granted, sponsorId, capMicro }: Means) {
    const sorted = sources.map((source) => ({ ...source })).sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#own = Map.groupBy(sorted, ({ accountId }) => accountId);
    this.#granted = new Map(granted);
    this.#sponsorId = sponsorId;
    this.#capMicro = capMicro;
  }

  left(ownerId: string): Micro {
    const gift = least(this.#granted.get(ownerId) ?? 0n, sumOf(this.#ofSponsor(ownerId)));
    return least(gift + sumOf(this.#own.get(ownerId) ?? []), this.#capMicro);
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
