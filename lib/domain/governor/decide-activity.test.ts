import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideActivity, HEADLESS_SITUATION, type Situation } from "./decide-activity.ts";
import { DEFAULT_SETTINGS, type VolunteerSettings } from "./volunteer-settings.ts";

const NOON = { minuteOfDay: 720, bytesToday: 0 };
const decide = (settings: Partial<VolunteerSettings>, situation: Partial<Situation> = {}, moment = NOON) =>
  decideActivity({ ...DEFAULT_SETTINGS, ...settings }, { ...HEADLESS_SITUATION, ...situation }, moment);

test("with the defaults everything but a phone on battery computes", () => {
  for (const isVisible of [true, false])
    for (const isCharging of [true, false, null])
      for (const isPhone of [true, false]) expect(decide({}, { isVisible, isCharging, isPhone }).mayCompute).toBe(!(isPhone && isCharging === false));
});

describe("hours", () => {
  test("a window that passes midnight covers both of its sides and names itself", () => {
    const hours = { fromMinute: 22 * 60, toMinute: 7 * 60 + 5 };
    for (const minuteOfDay of [22 * 60, 1439, 0, 7 * 60 + 4]) expect(decide({ hours }, {}, { ...NOON, minuteOfDay }).mayCompute).toBe(true);
    for (const minuteOfDay of [7 * 60 + 5, 720, 22 * 60 - 1])
      expect(decide({ hours }, {}, { ...NOON, minuteOfDay })).toEqual({ mayCompute: false, rule: "paused_hours", params: { from: "22:00", to: "07:05" } });
  });

  test("a window and the one with its ends exchanged divide the day", () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, minute, (fromMinute, toMinute, minuteOfDay) => {
        fc.pre(fromMinute !== toMinute);
        const inside = decide({ hours: { fromMinute, toMinute } }, {}, { ...NOON, minuteOfDay }).mayCompute;
        const outside = decide({ hours: { fromMinute: toMinute, toMinute: fromMinute } }, {}, { ...NOON, minuteOfDay }).mayCompute;
        expect(inside).toBe(!outside);
      }),
    );
  });
});

test("only while visible pauses a hidden page, only while hidden a visible one", () => {
  expect(decide({ visibility: "visible" }, { isVisible: false })).toMatchObject({ rule: "paused_hidden" });
  expect(decide({ visibility: "hidden" }, { isVisible: true })).toMatchObject({ rule: "paused_visible" });
  expect(decide({ visibility: "hidden" }, { isVisible: false }).mayCompute).toBe(true);
});

test("only while charging pauses on battery, and says so where the platform does not tell", () => {
  expect(decide({ power: "charging" }, { isCharging: false })).toMatchObject({ rule: "paused_battery" });
  expect(decide({ power: "charging" }, { isCharging: null })).toMatchObject({ rule: "paused_power_unknown" });
  expect(decide({ power: "any" }, { isCharging: false, isPhone: true }).mayCompute).toBe(true);
});

test("the data of a day is a bound, and the next day begins anew", () => {
  expect(decide({ dataMibPerDay: 2 }, {}, { ...NOON, bytesToday: 2 * 1024 * 1024 - 1 }).mayCompute).toBe(true);
  expect(decide({ dataMibPerDay: 2 }, {}, { ...NOON, bytesToday: 2 * 1024 * 1024 })).toEqual({ mayCompute: false, rule: "paused_data", params: { mib: 2 } });
});
