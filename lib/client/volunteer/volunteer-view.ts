import { DEFAULT_SETTINGS, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import { type EngineSnapshot, IDLE_SNAPSHOT } from "#workers/volunteer/engine-contract.ts";
import type { Wall } from "./sandbox/wall.ts";

export type VolunteerView = {
  engine: EngineSnapshot;
  settings: VolunteerSettings;
  /** Another tab of this browser profile computes, so this one does not. */
  isTakenByOtherTab: boolean;
  /** Why this browser cannot compute at all, in words; null when nothing speaks against it. */
  problem: string | null;
  /** How many cores this browser says it has; null before the page knows. */
  coresAvailable: number | null;
  /** What stands around the executors; null before the first one runs. */
  wall: Wall | null;
};

export const INITIAL_VIEW: VolunteerView = {
  engine: IDLE_SNAPSHOT,
  settings: DEFAULT_SETTINGS,
  isTakenByOtherTab: false,
  problem: null,
  coresAvailable: null,
  wall: null,
};
