import type { AssuranceRules } from "./assurance.ts";
import type { DeviceTrust } from "./device-trust.ts";

/** Results of a device whose cluster was found out within the last 30 days are all checked, this many of them. */
const TAINTED_RESULTS = 50;
const TAINT_MS = 30 * 24 * 3_600_000;

/** Older devices of such a cluster are checked at this rate at least. */
const SUSPECT_RATE_MIN = 0.25;

/** Strata of age, two for each doubling, and one more for tainted devices. */
export const STRATA_COUNT = 29;
const TAINTED_STRATUM = STRATA_COUNT - 1;

/** What a device's cluster adds to what is known of the device itself. */
export type ClusterTrust = { taintedAt: number | null };

/** How much a device is suspected for what another one of its cluster did. */
export type Suspicion = "none" | "some" | "full";

/** `full` for a device whose cluster was found out lately, until it has so many results of its own behind it; from then on, for as long, `some`. */
export function suspicionOf(device: DeviceTrust, cluster: ClusterTrust, now: number): Suspicion {
  if (cluster.taintedAt === null || now - cluster.taintedAt >= TAINT_MS) return "none";
  return device.age < TAINTED_RESULTS ? "full" : "some";
}

/**
 * Which stratum a result belongs to: devices of like age are estimated and re-checked together, so an attack that waits for some age is re-checked at that
 * age and nowhere else. Half-octaves of age, ⌊2·log₂(1 + age)⌋.
 */
export function stratumOf(age: number, suspicion: Suspicion): number {
  if (suspicion === "full") return TAINTED_STRATUM;
  return Math.min(TAINTED_STRATUM - 1, Math.floor(2 * Math.log2(1 + age)));
}

/**
 * At which rate a result is checked after its commit: boost · clamp(n₁ ÷ (n₁ + age), cMin, cMax), at most 1. Never below cMin, whatever the history, so
 * nobody can wait a check out; 1 for watched devices and under full suspicion, at least a quarter under some. Never rises with age at equal boost.
 */
export function checkRate(rules: AssuranceRules, device: DeviceTrust, by: { boost: number; suspicion: Suspicion }): number {
  if (by.suspicion === "full" || device.stage !== "active") return 1;
  const byAge = rules.newcomerAges === 0 ? rules.checkRateMin : rules.newcomerAges / (rules.newcomerAges + device.age);
  const rate = Math.min(rules.checkRateMax, Math.max(rules.checkRateMin, byAge));
  const boosted = Math.min(1, rate * Math.min(rules.boostMax, Math.max(1, by.boost)));
  return by.suspicion === "some" ? Math.max(SUSPECT_RATE_MIN, boosted) : boosted;
}

/**
 * At which rate the unchecked results on hold of a cluster are drawn when one of its devices was found out: a quarter for a single device that may be broken, all of
 * them when it was burned or when another one stands accused too. Devices that share no more than an address are so looked at, and never punished for it.
 */
export function redrawRate(found: { stage: DeviceTrust["stage"]; othersAccused: number }): number {
  return found.stage === "burned" || found.othersAccused > 0 ? 1 : SUSPECT_RATE_MIN;
}

/** Boost of a stratum, or of all strata together, for the next window: doubled after an attack, else shrunk by 0.7; between 1 and `boostMax`. */
export function nextBoost(boost: number, wasAttacked: boolean, boostMax: number): number {
  return wasAttacked ? Math.min(boostMax, 2 * boost) : Math.max(1, 0.7 * boost);
}
