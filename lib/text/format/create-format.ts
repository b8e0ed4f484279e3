import type { Language } from "../languages.ts";

const STEP = 1024;
const BYTE_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;
const MICRO_DIGITS = 6;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What is counted, for each plural form that a language has; `other` stands for those that are not there. */
export type CountWords = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Numbers, amounts and times as people of one language write them. */
export type Format = {
  /** A whole number with separators of thousands. */
  number(value: number | bigint): string;
  /** A measured value with three significant digits, whole from 1,000 on. */
  measure(value: number): string;
  /** A share between 0 and 1 as a percentage; below 100 % unless it is the whole. */
  share(share: number): string;
  /** A share in hundredths of a per cent, to its last digit. */
  exactShare(bps: number): string;
  /** "1 shard", "2 shards". */
  count(count: number, words: CountWords): string;
  /** Bytes in the largest binary unit that keeps the number at 1 or above, with three significant digits. */
  bytes(bytes: number): string;
  /** Micro-units (a decimal string or bigint) in units of the asset, exact: "12.5 DEMO". */
  money(micro: string | bigint, asset?: string): string;
  /** How long something took or will take, in its two largest units: "2 min 5 s". */
  duration(ms: number): string;
  /** A moment seen from now: "3 minutes ago", "in 2 days". */
  relative(at: Date, now: Date): string;
  /** Date and time in the reader's time zone. */
  moment(at: Date): string;
  /** The end of a span of time, as finely as the span needs: with seconds below ten minutes, without the date below a day. */
  edge(at: Date, lengthMs: number): string;
};

const formats = new Map<Language, Format>();

/** The format of a language, made once: `Intl` objects are dear. */
export function formatOf(language: Language): Format {
  const format = formats.get(language) ?? { ...createNumbers(language), ...createTimes(language) };
  formats.set(language, format);
  return format;
}

function createNumbers(language: Language): Pick<Format, "number" | "measure" | "share" | "exactShare" | "count" | "bytes" | "money"> {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const exactPercent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const bytes = new Intl.NumberFormat(language, { style: "unit", unit: "byte", unitDisplay: "long" });
  const plural = new Intl.PluralRules(language);
  const point = decimalPoint(language);
  return {
    number: (value) => whole.format(value),
    measure: (value) => (Math.abs(value) >= 1000 ? whole.format(value) : short.format(value)),
    exactShare: (bps) => exactPercent.format(bps / 10_000),
    share: (share) => percent.format(share < 1 ? Math.min(share, 0.999) : share),
    count: (count, words) => `${whole.format(count)} ${words[plural.select(count)] ?? words.other}`,
    bytes: (value) => {
      const { size, unit } = binarySize(value);
      return unit === 0 ? bytes.format(value) : `${short.format(size)} ${BYTE_UNITS[unit]}`;
    },
    money: (micro, asset) => {
      const value = BigInt(micro);
      const digits = String(value < 0n ? -value : value).padStart(MICRO_DIGITS + 1, "0");
      const units = whole.format(BigInt(digits.slice(0, -MICRO_DIGITS)));
      const fraction = digits.slice(-MICRO_DIGITS).replace(/0+$/, "");
      const amount = `${value < 0n ? "−" : ""}${units}${fraction === "" ? "" : `${point}${fraction}`}`;
      return asset ? `${amount} ${asset}` : amount;
    },
  };
}

function decimalPoint(language: Language): string {
  const part = new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === "decimal");
  return part?.value ?? ".";
}

/** 999.5 KiB would round to 1,000 and is shown as 0.98 MiB, never as four digits. */
function binarySize(bytes: number): { size: number; unit: number } {
  let unit = 0;
  let size = bytes;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= STEP;
    unit++;
  }
  return { size, unit };
}

function createTimes(language: Language): Pick<Format, "duration" | "relative" | "moment" | "edge"> {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const minutes = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  const seconds = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const fraction = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
  return {
    duration: (ms) => {
      if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
      return ms < 10 * SECOND_MS ? `${fraction.format(ms / SECOND_MS)} s` : longDuration(Math.round(ms / SECOND_MS));
    },
    relative: (at, now) => {
      const distanceMs = at.getTime() - now.getTime();
      const size = Math.abs(distanceMs);
      if (size < 5 * SECOND_MS) return relative.format(0, "second");
      if (size < MINUTE_MS) return relative.format(Math.round(distanceMs / SECOND_MS), "second");
      if (size < HOUR_MS) return relative.format(Math.round(distanceMs / MINUTE_MS), "minute");
      if (size < DAY_MS) return relative.format(Math.round(distanceMs / HOUR_MS), "hour");
      return relative.format(Math.round(distanceMs / DAY_MS), "day");
    },
    moment: (at) => moment.format(at),
    edge: (at, lengthMs) => (lengthMs < 10 * MINUTE_MS ? seconds : lengthMs < DAY_MS ? minutes : moment).format(at),
  };
}

/** The symbols of the SI, which are the same in every language. */
function longDuration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, "h", minutes % 60, "min");
  return join(Math.floor(hours / 24), "d", hours % 24, "h");
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
