/** A round of a shard: a result that is revoked opens the next round. */
export type ShardRound = { jobId: string; shardNo: number; round: number };

/** What a draw is for; draws for different purposes say nothing about each other. */
export const DRAW_PURPOSES = ["check", "checker", "adjudicate"] as const;
export type DrawPurpose = (typeof DRAW_PURPOSES)[number];

/**
 * A keyed hash that nobody without the key can predict or tell from chance: whole numbers, uniform over 0…2⁵²−1. On a server: HMAC-SHA256 of
 * `drawMessage()` under a secret of the window, its first 52 bits.
 */
export type KeyedHash = (purpose: DrawPurpose, shard: ShardRound) => number;

const HASH_VALUES = 2 ** 52;

/** The text to hash for a draw; different draws have different texts. */
export function drawMessage(purpose: DrawPurpose, shard: ShardRound): string {
  return JSON.stringify(["shoal-draw-1", purpose, shard.jobId, shard.shardNo, shard.round]);
}

/**
 * The lot of a shard's round, in [0, 1): below a rate means drawn at that rate. It depends on the shard and the secret alone, never on who asks, when or
 * how often, so nobody can ask again for a better one. Raising a rate keeps everything that was drawn before and adds to it.
 */
export function drawOf(hash: KeyedHash, purpose: DrawPurpose, shard: ShardRound): number {
  const value = hash(purpose, shard);
  if (!Number.isInteger(value) || value < 0 || value >= HASH_VALUES) throw new RangeError("A keyed hash gives whole numbers from 0 to 2^52 - 1.");
  return value / HASH_VALUES;
}

/** Whether a lot is drawn at a rate. Rate 0 draws none, rate 1 every one. */
export function isDrawn(draw: number, rate: number): boolean {
  return draw < rate;
}
