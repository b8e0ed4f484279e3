const MICRO_DIGITS = 6;
const MICRO = 10n ** BigInt(MICRO_DIGITS);

/**
 * Reads an amount in units of the asset, such as "0.001" or "0,001", as micro-units; null if it is not a positive decimal number, has more than six
 * decimals, or could mean a thousand of what it says ("1,000").
 */
export function parseMoney(text: string): bigint | null {
  const match = /^(\d{1,12})(?:([.,])(\d{0,6}))?$/.exec(text.trim());
  if (!match) return null;
  const [, whole = "0", point, fraction = ""] = match;
  if (point === "," && fraction.length === 3 && BigInt(whole) > 0n) return null;
  return BigInt(whole) * MICRO + BigInt(fraction.padEnd(MICRO_DIGITS, "0"));
}

/** Micro-units as plain text for a field, the inverse of `parseMoney`. */
export function editMoney(micro: string): string {
  const value = BigInt(micro);
  const fraction = String(value % MICRO)
    .padStart(MICRO_DIGITS, "0")
    .replace(/0+$/, "");
  return fraction === "" ? String(value / MICRO) : `${value / MICRO}.${fraction}`;
}
