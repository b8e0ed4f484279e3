const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const fraction = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** How long something took or will take, in its two largest units: "2 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND_MS) return `${fraction.format(ms / SECOND_MS)} s`;
  const seconds = Math.round(ms / SECOND_MS);
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

/** A moment seen from now: "3 minutes ago", "in 2 days". */
export function formatRelative(at: Date, now: Date): string {
  const distanceMs = at.getTime() - now.getTime();
  const size = Math.abs(distanceMs);
  if (size < 5 * SECOND_MS) return "now";
  if (size < MINUTE_MS) return relative.format(Math.round(distanceMs / SECOND_MS), "second");
  if (size < HOUR_MS) return relative.format(Math.round(distanceMs / MINUTE_MS), "minute");
  if (size < DAY_MS) return relative.format(Math.round(distanceMs / HOUR_MS), "hour");
  return relative.format(Math.round(distanceMs / DAY_MS), "day");
}

/** Date and time in the reader's time zone. */
export function formatMoment(at: Date): string {
  return moment.format(at);
}
