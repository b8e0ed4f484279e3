/** Random choices that a seed repeats. */
export type Draw = {
  /** A whole number from 0 to below `count`. */
  upTo(count: number): number;
  one<T>(list: readonly T[]): T;
};

/** A linear congruential generator (Numerical Recipes, ranqd1), which is enough to choose what a test does next. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const upTo = (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return {
    upTo,
    one: (list) => {
      const chosen = list[upTo(list.length)];
      if (chosen === undefined) throw new RangeError("There is nothing to choose from.");
      return chosen;
    },
  };
}
