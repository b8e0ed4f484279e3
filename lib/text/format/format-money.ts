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
