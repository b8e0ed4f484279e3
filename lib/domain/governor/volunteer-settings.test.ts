import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, readSettings, SETTING_BOUNDS } from "./volunteer-settings.ts";

test("settings that a client kept come back as they were", () => {
  const kept = {
    ...DEFAULT_SETTINGS,
    cores: 3,
    cpuSharePercent: 40,
    memoryMib: 512,
    dataMibPerDay: 100,
    hours: { fromMinute: 1320, toMinute: 420 },
    power: "charging",
    visibility: "hidden",
    keepsAwake: true,
    serves: { jobs: ["job_0190c9b7000070008000000000000000"], topics: ["genomics"] },
  } as const;
  expect(readSettings(JSON.parse(JSON.stringify(kept)))).toEqual({ settings: kept, replaced: [] });
});

test.each([
  ["cores", 0],
  ["cores", 1.5],
  ["cpuSharePercent", 4],
  ["cpuSharePercent", 101],
  ["cpuSharePercent", "50"],
  ["usesGpu", 1],
  ["memoryMib", Number.NaN],
  ["dataMibPerDay", -1],
  ["hours", { fromMinute: 0, toMinute: 1440 }],
  ["hours", []],
  ["power", "solar"],
  ["visibility", null],
  ["serves", { jobs: [], topics: [] }],
  ["serves", { jobs: ["dev_0190c9b7000070008000000000000000"], topics: [] }],
  ["serves", { jobs: [], topics: [" "] }],
  ["serves", { jobs: [], topics: Array.from({ length: 17 }, (_, i) => String(i)) }],
] as const)("%s = %j is replaced by its default and named, and nothing else changes", (name, value) => {
  expect(readSettings({ keepsAwake: true, [name]: value })).toEqual({ settings: { ...DEFAULT_SETTINGS, keepsAwake: true }, replaced: [name] });
});

test("anything at all gives settings within their bounds, with no member that is not one", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ cores: fc.anything(), cpuSharePercent: fc.anything(), hours: fc.anything(), x: fc.anything() })),
      (value) => {
        const { settings } = readSettings(value);
        expect(Object.keys(settings)).toEqual(Object.keys(DEFAULT_SETTINGS));
        expect(settings.cpuSharePercent).toBeGreaterThanOrEqual(SETTING_BOUNDS.cpuSharePercent.min);
        expect(settings.cpuSharePercent).toBeLessThanOrEqual(SETTING_BOUNDS.cpuSharePercent.max);
        expect(settings.cores === null || Number.isInteger(settings.cores)).toBe(true);
      },
    ),
  );
});
