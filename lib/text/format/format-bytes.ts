const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;
const STEP = 1024;

/** Bytes in the largest binary unit that keeps the number at 1 or above, with three significant digits. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  // 999.5 KiB would round to 1,000 and is shown as 0.98 MiB, never as four digits.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit++;
  }
  if (unit === 0) return `${value} ${value === 1 ? "byte" : "bytes"}`;
  return `${new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value)} ${UNITS[unit]}`;
}
