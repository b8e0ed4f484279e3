import { least, type Micro } from "./money.ts";

/** Who put money into a job: what of it the job still holds, and which part of what is returned they were promised, in hundredths of a per cent. */
export type Stake = { accountId: string; shareBps: number; heldMicro: Micro };

/** All of what is returned. */
export const WHOLE_BPS = 10_000;

/** What a job holds of all stakes together. */
export function totalHeld(stakes: readonly Stake[]): Micro {
  return stakes.reduce((sum, { heldMicro }) => sum + heldMicro, 0n);
}

/**
 * Divides what a job returns over its stakes by their shares, in their order; the sum is exactly `amountMicro`. Nobody gets more than the job holds of theirs: what
 * a share gives beyond that goes to the others. Rounded down for each, so the last gets the rest. Throws a RangeError for more than all stakes hold.
 *
 * A unit more to divide gives one of them a unit more and takes from none. So it does not matter in how many steps something is divided.
 *
 * @example splitReturn([{ accountId: "a", shareBps: 2500, heldMicro: 40n }, { accountId: "b", shareBps: 7500, heldMicro: 60n }], 10n) // [2n, 8n]
 */
export function splitReturn(stakes: readonly Stake[], amountMicro: Micro): Micro[] {
  let rest = amountMicro;
  let behindMicro = totalHeld(stakes);
  let weight = stakes.reduce((sum, { shareBps }) => sum + shareBps, 0);
  if (amountMicro < 0n || amountMicro > behindMicro) throw new RangeError(`The stakes hold ${behindMicro}, not ${amountMicro}.`);
  return stakes.map(({ shareBps, heldMicro }) => {
    behindMicro -= heldMicro;
    const byShare = weight === 0 ? 0n : (rest * BigInt(shareBps)) / BigInt(weight);
    const atLeast = rest > behindMicro ? rest - behindMicro : 0n;
    const part = least(heldMicro, byShare > atLeast ? byShare : atLeast);
    weight -= shareBps;
    rest -= part;
    return part;
  });
}

/**
 * Whose money pays what leaves a job for good: what remains afterwards is what would be returned to each. Sums to exactly `amountMicro`, and takes from nobody more than the job
 * holds of theirs. Throws a RangeError for more than all stakes hold.
 */
export function splitSpent(stakes: readonly Stake[], amountMicro: Micro): Micro[] {
  const left = splitReturn(stakes, totalHeld(stakes) - amountMicro);
  return stakes.map((stake, i) => stake.heldMicro - (left[i] ?? 0n));
}
