/** Payments of one job that a device has in reserve. */
export type ReservedPay<Job extends string = string> = { jobId: Job; payments: number; priceMicro: bigint };

/**
 * Payments as they vest push out the oldest ones: of `held`, oldest first, and `added` the newest `paymentsMax` stay, the others are released. Their number and
 * sum are the same before and after.
 */
export function rollReserve<Job extends string>(
  held: readonly ReservedPay<Job>[],
  added: readonly ReservedPay<Job>[],
  paymentsMax: number,
): { released: ReservedPay<Job>[]; kept: ReservedPay<Job>[] } {
  const all = [...held, ...added].filter(({ payments }) => payments > 0);
  let surplus = all.reduce((sum, { payments }) => sum + payments, 0) - paymentsMax;
  const released: ReservedPay<Job>[] = [];
  const kept: ReservedPay<Job>[] = [];
  for (const pay of all) {
    const out = Math.min(pay.payments, Math.max(0, surplus));
    surplus -= out;
    if (out > 0) released.push({ ...pay, payments: out });
    if (out < pay.payments) kept.push({ ...pay, payments: pay.payments - out });
  }
  return { released, kept };
}
