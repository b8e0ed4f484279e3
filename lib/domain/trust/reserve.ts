/** Payments of a device that stay locked until it closes its account and a clean window has passed. */
export const RESERVE_PAYMENTS = 50;

/** A device's first payments, this many, vest only after VERIFIED_MIN of its results were confirmed by others. */
const FIRST_PAYMENTS = 5;
const VERIFIED_MIN = 2;

/** Money of a device in micro-units: what its closed windows brought, and what one shard pays on average. */
export type Earned = { vestedMicro: bigint; payments: number; agreed: number };

/** How much of a device's vested money stays locked, in micro-units: its last RESERVE_PAYMENTS payments; everything until it has been confirmed twice. */
export function reservedMicro(earned: Earned): bigint {
  if (earned.payments <= 0) return 0n;
  if (earned.agreed < VERIFIED_MIN && earned.payments <= FIRST_PAYMENTS) return earned.vestedMicro;
  const locked = BigInt(Math.min(earned.payments, RESERVE_PAYMENTS));
  return (earned.vestedMicro * locked) / BigInt(earned.payments);
}

/** What a device may withdraw now, in micro-units; never negative. */
export function withdrawableMicro(earned: Earned): bigint {
  return earned.vestedMicro - reservedMicro(earned);
}

/**
 * What one wrong result is worth to who gives it, in payments: it saves the work of `gain` shards if nobody looks, and loses everything locked or pending and
 * this payment if it is checked: gain·(1 − c) − c·(locked + pending). At most 0 when c·(locked + pending + gain) ≥ gain.
 */
export function cheatingGain(cheat: { rate: number; lockedPayments: number; pendingPayments: number; gain: number }): number {
  return cheat.gain * (1 - cheat.rate) - cheat.rate * (cheat.lockedPayments + cheat.pendingPayments);
}

/** The least locked payments that make cheating worthless at a rate: gain·(1 − c) ÷ c. */
export function deterringReserve(rate: number, gain: number): number {
  return rate <= 0 ? Number.POSITIVE_INFINITY : (gain * (1 - rate)) / rate;
}
