import { SERVED_BOUNDS, type Served } from "../dispatch/serves.ts";
import { isId } from "../ids.ts";
import { TOPIC_CHARS_MAX } from "../job/topic.ts";

/** Closed lists of the choices; the first of each is the default. */
export const POWER_CHOICES = ["phones_charging", "any", "charging"] as const;
export const VISIBILITY_CHOICES = ["any", "visible", "hidden"] as const;

/** Bounds of the numbers, both ends included. */
export const SETTING_BOUNDS = {
  cores: { min: 1, max: 1024 },
  cpuSharePercent: { min: 5, max: 100 },
  memoryMib: { min: 64, max: 1_048_576 },
  dataMibPerDay: { min: 1, max: 1_048_576 },
  minute: { min: 0, max: 1439 },
} as const;

/** Minutes of the local day; a window whose end is before its beginning passes midnight, and equal ends are the whole day. */
export type Hours = { fromMinute: number; toMinute: number };

/** What a volunteer allows this device to do. One object, kept by the client, changeable while the device computes. */
export type VolunteerSettings = {
  /** How many shards run at once; null leaves it to the client. */
  cores: number | null;
  /** Processor seconds ÷ (seconds × cores), in percent. */
  cpuSharePercent: number;
  usesGpu: boolean;
  /** Bound on the sum of the memory limits of the shards that run at once; null is no bound. */
  memoryMib: number | null;
  /** Bound on what is sent and received in a local day; null is no bound. */
  dataMibPerDay: number | null;
  hours: Hours | null;
  /** `phones_charging`: phones compute only while they charge, other devices always. */
  power: (typeof POWER_CHOICES)[number];
  visibility: (typeof VISIBILITY_CHOICES)[number];
  /** Compute less when shards take longer than they did: a device that throttles itself is too hot. */
  backsOffWhenHot: boolean;
  /** Keep the screen awake while the page is visible and computes. */
  keepsAwake: boolean;
  /** The jobs and topics to compute for; null is all of them. */
  serves: Served | null;
};

export const DEFAULT_SETTINGS: VolunteerSettings = {
  cores: null,
  cpuSharePercent: 100,
  usesGpu: true,
  memoryMib: null,
  dataMibPerDay: null,
  hours: null,
  power: "phones_charging",
  visibility: "any",
  backsOffWhenHot: true,
  keepsAwake: false,
  serves: null,
};

export type SettingName = keyof VolunteerSettings;
export type CheckedSettings = { settings: VolunteerSettings /** Settings that were not usable and have their default instead. */; replaced: SettingName[] };

/**
 * Settings from anything: what a client kept, or what somebody typed. Whatever is missing has its default; whatever cannot be used has it too and is named.
 * Unknown members are left out.
 */
export function readSettings(value: unknown): CheckedSettings {
  const given = isRecord(value) ? value : {};
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  const replaced: SettingName[] = [];
  for (const name of Object.keys(CHECKS) as SettingName[]) {
    const member = given[name];
    if (member === undefined) continue;
    if (CHECKS[name](member)) settings[name] = isRecord(member) ? knownMembers(name, member) : member;
    else replaced.push(name);
  }
  return { settings: settings as VolunteerSettings, replaced };
}

function knownMembers(name: SettingName, { fromMinute, toMinute, jobs, topics }: Record<string, unknown>): unknown {
  return name === "hours" ? { fromMinute, toMinute } : { jobs, topics };
}

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isWholeIn =
  (bounds: { min: number; max: number }) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= bounds.min && Number(value) <= bounds.max;
const orNull =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || check(value);
const isOneOf =
  (choices: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === "string" && choices.includes(value);
const isMinute = isWholeIn(SETTING_BOUNDS.minute);

const CHECKS: Record<SettingName, (value: unknown) => boolean> = {
  cores: orNull(isWholeIn(SETTING_BOUNDS.cores)),
  cpuSharePercent: isWholeIn(SETTING_BOUNDS.cpuSharePercent),
  usesGpu: isBoolean,
  memoryMib: orNull(isWholeIn(SETTING_BOUNDS.memoryMib)),
  dataMibPerDay: orNull(isWholeIn(SETTING_BOUNDS.dataMibPerDay)),
  hours: orNull((value) => isRecord(value) && isMinute(value.fromMinute) && isMinute(value.toMinute)),
  power: isOneOf(POWER_CHOICES),
  visibility: isOneOf(VISIBILITY_CHOICES),
  backsOffWhenHot: isBoolean,
  keepsAwake: isBoolean,
  serves: orNull((value) => isRecord(value) && areJobs(value.jobs) && areTopics(value.topics) && value.jobs.length + value.topics.length > 0),
};

function areJobs(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= SERVED_BOUNDS.jobsMax && value.every((id) => typeof id === "string" && isId("job", id));
}

function areTopics(value: unknown): value is string[] {
  const isTopic = (topic: unknown) => typeof topic === "string" && topic.trim() !== "" && topic.length <= TOPIC_CHARS_MAX;
  return Array.isArray(value) && value.length <= SERVED_BOUNDS.topicsMax && value.every(isTopic);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
