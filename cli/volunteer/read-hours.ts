import type { Hours } from "#lib/domain/governor/volunteer-settings.ts";
import { UsageError } from "../terminal.ts";

/** Hours of the local day as they are typed: `22:00-07:00`. */
export function readHours(text: string): Hours {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) throw new UsageError(`--hours must be two times of the day such as 22:00-07:00, not “${text}”.`);
  const [, fromHour, fromMinute, toHour, toMinute] = match.map(Number);
  return { fromMinute: Number(fromHour) * 60 + Number(fromMinute), toMinute: Number(toHour) * 60 + Number(toMinute) };
}
