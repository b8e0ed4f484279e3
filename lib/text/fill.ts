import { formatBytes } from "./format/format-bytes.ts";
import { formatMoney } from "./format/format-money.ts";
import { formatNumber } from "./format/format-number.ts";

type Params = Readonly<Record<string, string | number>>;

const FORMATS: Record<string, (value: string | number) => string> = {
  bytes: (value) => formatBytes(Number(value)),
  money: (value) => formatMoney(String(value)),
  number: (value) => (Number.isFinite(Number(value)) ? formatNumber(Number(value)) : String(value)),
};

/** Fills `{name}` and `{name, bytes|money|number}` in a sentence; a parameter that is missing stays visible as its name. */
export function fill(sentence: string, params: Params = {}): string {
  return sentence.replace(/\{(\w+)(?:, (\w+))?\}/g, (whole, name: string, format?: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return whole;
    const write = format === undefined ? undefined : FORMATS[format];
    return write ? write(value) : String(value);
  });
}
