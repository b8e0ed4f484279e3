import { ASSURANCE, type AssuranceClass } from "./assurance.ts";

/** What two agreeing replicas promise when nobody looks afterwards: accomplices who hold both are never noticed. */
const PAIR_ERROR_MAX = 1e-2;

/**
 * Wrong results of a window that pass unseen under the worst measured attack, 120 lies a window by identities that lie on when they are found out: with what is tolerated at most 4.9e-5 of a
 * million in `standard` and 4.6e-5 in `high`.
 */
const UNSEEN_MAX = 45;

/**
 * The share of a class's final results that may be wrong under the worst attack in docs/trust.md, for windows of so many results: what passes
 * unseen, and what a close tolerates. 1 for an empty window.
 */
export function errorBound(assurance: AssuranceClass, windowResults: number): number {
  const rules = ASSURANCE[assurance];
  if (!rules.hasHold) return PAIR_ERROR_MAX;
  return Math.min(1, rules.hiddenShareMax + UNSEEN_MAX / Math.max(1, windowResults));
}

/** What an instance is able to offer. */
export type InstanceTrust = {
  /** Results that a window of the instance gathers. */
  resultsPerWindow: number;
  trustedDevices: number;
  /** Independent clusters with a device that may witness for `critical`. */
  establishedClusters: number;
};

/** Below this many results a window says too little for a promise about rare errors. */
const WINDOW_RESULTS_MIN = 20_000;

/** The class an instance offers first: `instant` while it is young or has no trusted device to settle disputes, `standard` from then on. */
export function chooseDefaultClass(instance: Pick<InstanceTrust, "resultsPerWindow" | "trustedDevices">): AssuranceClass {
  return instance.resultsPerWindow < WINDOW_RESULTS_MIN || instance.trustedDevices === 0 ? "instant" : "standard";
}

/** Why a class cannot be had, or null if it can. Held classes need somebody who settles disputes, `critical` two independent witnesses and one more. */
export function whyUnavailable(
  assurance: AssuranceClass,
  instance: Pick<InstanceTrust, "trustedDevices" | "establishedClusters">,
): "trusted_device" | "established_devices" | null {
  const rules = ASSURANCE[assurance];
  if (rules.hasHold && instance.trustedDevices === 0) return "trusted_device";
  if (rules.witnessAgreedMin > 0 && instance.establishedClusters <= rules.witnessesMin) return "established_devices";
  return null;
}
