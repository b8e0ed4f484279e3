/** A seeded source of chance; every draw of a simulation comes from one. */
export type Random = { next(): number; below(count: number): number; normal(): number };

const TABLE = 1 << 14;
/** Quantiles of the normal distribution at the middles of TABLE equal steps; a draw is one of them. */
const NORMALS = Float64Array.from({ length: TABLE }, (_, i) => normalQuantile((i + 0.5) / TABLE));

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from one number. */
export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = (seed * 0x9e3779b1) | 0;
  let c = 0x2545f491;
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) word();
  return {
    next: () => word() / 2 ** 32,
    below: (count) => Math.floor((word() / 2 ** 32) * count),
    normal: () => NORMALS[word() & (TABLE - 1)] ?? 0,
  };
}

/** A keyed mix of three whole numbers to one of 0…2⁵²−1: the simulation's stand-in for HMAC-SHA256, whose cost would be all that is measured. */
export function mix52(key: number, number: number, salt: number): number {
  const high = finish((number ^ Math.imul(key, 0x85ebca6b)) + Math.imul(salt, 0x27d4eb2f) + Math.floor(number / 2 ** 32));
  const low = finish(high ^ (number + 0x165667b1) ^ key);
  return (high & 0xfffff) * 2 ** 32 + low;
}

function finish(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The normal quantile at p, to 4.5e-4 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  const value = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -value : value;
}
