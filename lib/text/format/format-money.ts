const MICRO_DIGITS = 6;
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Micro-units (a decimal string or bigint) in units of the asset, exact: "12.5 DEMO". */
export function formatMoney(micro: string | bigint, asset?: string): string {
  const value = BigInt(micro);
  const digits = String(value < 0n ? -value : value).padStart(MICRO_DIGITS + 1, "0");
  const units = whole.format(BigInt(digits.slice(0, -MICRO_DIGITS)));
  const fraction = digits.slice(-MICRO_DIGITS).replace(/0+$/, "");
  const amount = `${value < 0n ? "−" : ""}${units}${fraction === "" ? "" : `.${fraction}`}`;
  return asset ? `${amount} ${asset}` : amount;
}

/** Reads an amount in units of the asset, such as "0.001", as micro-units; null if it is not a positive decimal number or has more than six decimals. */
export function parseMoney(text: string): bigint | null {
  const match = /^(\d{1,12})(?:\.(\d{0,6}))?$/.exec(text.trim());
  if (!match) return null;
  return BigInt(match[1] ?? "0") * 1_000_000n + BigInt((match[2] ?? "").padEnd(MICRO_DIGITS, "0"));
}

/** Micro-units as plain text for a field, the inverse of `parseMoney`. */
export function editMoney(micro: string): string {
  return formatMoney(micro).replaceAll(",", "");
}
