import { splitmix64 } from "#lib/domain/program/seed.ts";

const WARM_UP_ROUNDS = 12;

/** Fills the bytes with what comes next in the stream. */
export type RandomFill = (target: Uint8Array) => void;

/**
 * An endless stream of bytes that depends on the seed alone, however it is cut into calls: sfc32 (Chris Doty-Humphrey, PractRand 0.94)
 * with its state drawn from splitmix64. Not for secrets: whoever knows the job knows the stream.
 */
export function createSeededRandom(seed: bigint): RandomFill {
  const [low, high] = [splitmix64(seed, 0n), splitmix64(seed, 1n)];
  let a = Number(low & 0xffff_ffffn) | 0;
  let b = Number(low >> 32n) | 0;
  let c = Number(high & 0xffff_ffffn) | 0;
  let counter = 1;
  const next = (): number => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) next();
  let word = 0;
  let bytesLeft = 0;
  return (target) => {
    for (let index = 0; index < target.length; index += 1) {
      if (bytesLeft === 0) {
        word = next();
        bytesLeft = 4;
      }
      target[index] = word & 0xff;
      word >>>= 8;
      bytesLeft -= 1;
    }
  };
}
