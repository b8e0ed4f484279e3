const MASK = 0xffff_ffff_ffff_ffffn;
const GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15n;

/**
 * The output of splitmix64 at a position of its stream, 0…2⁶⁴−1: position n is what the (n+1)-th call would return.
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), with the constants of Sebastiano Vigna's splitmix64.c.
 */
export function splitmix64(seed: bigint, position: bigint): bigint {
  let z = (seed + (position + 1n) * GOLDEN_GAMMA) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return z ^ (z >> 31n);
}

/** The seed of one shard, 0…2⁶⁴−1: the shard's number as a position in the splitmix64 stream of the job's seed. */
export function shardSeed(jobSeed: bigint, shardNo: number): bigint {
  return splitmix64(jobSeed, BigInt(shardNo));
}
