import type { AssuranceRules } from "./assurance.ts";
import type { DeviceTrust } from "./device-trust.ts";

/** Whether newcomers flood in with wrong results; `wrongShare` is a moving average over checks of newcomers. */
export type Flood = { wrongShare: number; isOn: boolean };

const MEMORY_CHECKS = 200;
const ON_ABOVE = 0.02;
const OFF_BELOW = 0.005;

/** No flood. */
export const CALM: Readonly<Flood> = { wrongShare: 0, isOn: false };

/** A device of this age or younger is a newcomer for the flood's average. */
export const NEWCOMER_AGE = 10;

/** Moves the average by one check of a newcomer. Two thresholds apart, so that the mode does not flicker. */
export function foldFlood(flood: Flood, wasWrong: boolean): Flood {
  const wrongShare = flood.wrongShare + ((wasWrong ? 1 : 0) - flood.wrongShare) / MEMORY_CHECKS;
  return { wrongShare, isOn: flood.isOn ? wrongShare >= OFF_BELOW : wrongShare > ON_ABOVE };
}

/**
 * Whether a device may give first replicas only of shards that others gave already: its executions check theirs, and no owner gets its results. Ends with the
 * agreements that the class asks for.
 */
export function isQuarantined(device: DeviceTrust, rules: AssuranceRules, flood: Flood): boolean {
  return device.agreed < (flood.isOn ? rules.quarantine.flood : rules.quarantine.calm);
}
