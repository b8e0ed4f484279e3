import type { Hours, VolunteerSettings } from "./volunteer-settings.ts";

/** Why a device that was started does not compute at the moment. */
export const PAUSE_RULES = ["paused_hours", "paused_hidden", "paused_visible", "paused_battery", "paused_power_unknown", "paused_data"] as const;
export type PauseRule = (typeof PAUSE_RULES)[number];

/** What a client knows of the device it runs on. */
export type Situation = {
  /** Whether somebody can see the page; a terminal counts as visible. */
  isVisible: boolean;
  /** Null where the platform does not tell. */
  isCharging: boolean | null;
  isPhone: boolean;
};

/** What is true of a process that nobody looks after: a terminal, a server. */
export const HEADLESS_SITUATION: Situation = { isVisible: true, isCharging: true, isPhone: false };

export type Moment = {
  /** Minutes since local midnight. */
  minuteOfDay: number;
  /** Sent and received since local midnight. */
  bytesToday: number;
};

export type Activity =
  | { mayCompute: true }
  | { mayCompute: false; rule: PauseRule /** What the sentence of the rule names. */; params: Record<string, string | number> };

const MIB = 1024 * 1024;

/** Whether a device may compute now, or the first rule that forbids it. */
export function decideActivity(settings: VolunteerSettings, situation: Situation, moment: Moment): Activity {
  const { hours, visibility, dataMibPerDay } = settings;
  if (hours && !isWithin(hours, moment.minuteOfDay)) return pause("paused_hours", { from: clockTime(hours.fromMinute), to: clockTime(hours.toMinute) });
  if (visibility === "visible" && !situation.isVisible) return pause("paused_hidden");
  if (visibility === "hidden" && situation.isVisible) return pause("paused_visible");
  const power = decidePower(settings, situation);
  if (power) return pause(power);
  if (dataMibPerDay !== null && moment.bytesToday >= dataMibPerDay * MIB) return pause("paused_data", { mib: dataMibPerDay });
  return { mayCompute: true };
}

/** Where the platform does not tell, an explicit wish is kept by pausing; the cautious default for phones is not. */
function decidePower({ power }: VolunteerSettings, { isCharging, isPhone }: Situation): PauseRule | null {
  if (power === "any" || isCharging === true) return null;
  if (power === "phones_charging") return isPhone && isCharging === false ? "paused_battery" : null;
  return isCharging === false ? "paused_battery" : "paused_power_unknown";
}

/** Whether a minute of the day lies in the window. */
function isWithin({ fromMinute, toMinute }: Hours, minute: number): boolean {
  if (fromMinute === toMinute) return true;
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function pause(rule: PauseRule, params: Record<string, string | number> = {}): Activity {
  return { mayCompute: false, rule, params };
}
