const LOCALE = "en";

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });

/** A whole number with separators of thousands. */
export function formatNumber(value: number | bigint): string {
  return whole.format(value);
}

/** A measured value with three significant digits, whole from 1,000 on. */
export function formatMeasure(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : short.format(value);
}

/** A share between 0 and 1 as a percentage; below 100 % unless it is the whole. */
export function formatShare(share: number): string {
  return percent.format(share < 1 ? Math.min(share, 0.999) : share);
}

/** "1 shard", "2 shards". */
export function formatCount(count: number, words: { one: string; other: string }): string {
  return `${whole.format(count)} ${count === 1 ? words.one : words.other}`;
}
