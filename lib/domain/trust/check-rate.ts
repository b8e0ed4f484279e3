import type { AssuranceRules } from "./assurance.ts";
import type { DeviceTrust } from "./device-trust.ts";

/** Results of a device whose cluster was found out within the last 30 days are all checked, this many of them. */
const TAINTED_RESULTS = 50;
const TAINT_MS = 30 * 24 * 3_600_000;

/** Strata of age, two for each doubling, and one more for tainted devices. */
export const STRATA_COUNT = 29;
const TAINTED_STRATUM = STRATA_COUNT - 1;

/** What a device's cluster adds to what is known of the device itself. */
export type ClusterTrust = { taintedAt: number | null };

/** Whether the cluster of a device was found out so recently that the device starts under full checks. */
export function isTainted(device: DeviceTrust, cluster: ClusterTrust, now: number): boolean {
  return cluster.taintedAt !== null && now - cluster.taintedAt < TAINT_MS && device.age < TAINTED_RESULTS;
}

/**
 * Which stratum a result belongs to: devices of like age are estimated and re-checked together, so an attack that waits for some age is re-checked at that
 * age and nowhere else. Half-octaves of age, ⌊2·log₂(1 + age)⌋.
 */
export function stratumOf(age: number, tainted: boolean): number {
  if (tainted) return TAINTED_STRATUM;
  return Math.min(TAINTED_STRATUM - 1, Math.floor(2 * Math.log2(1 + age)));
}

/**
 * At which rate a result is checked after its commit: boost · clamp(n₁ ÷ (n₁ + age), cMin, cMax), at most 1. Never below cMin, whatever the history, so
 * nobody can wait a check out; 1 for tainted and watched devices. Never rises with age at equal boost.
 */
export function checkRate(rules: AssuranceRules, device: DeviceTrust, stratum: { boost: number; isTainted: boolean }): number {
  if (stratum.isTainted || device.stage !== "active") return 1;
  const byAge = rules.newcomerAges === 0 ? rules.checkRateMin : rules.newcomerAges / (rules.newcomerAges + device.age);
  const rate = Math.min(rules.checkRateMax, Math.max(rules.checkRateMin, byAge));
  return Math.min(1, rate * Math.min(rules.boostMax, Math.max(1, stratum.boost)));
}

/** Boost of a stratum, or of all strata together, for the next window: doubled after an attack, else shrunk by 0.7; between 1 and `boostMax`. */
export function nextBoost(boost: number, wasAttacked: boolean, boostMax: number): number {
  return wasAttacked ? Math.min(boostMax, 2 * boost) : Math.max(1, 0.7 * boost);
}
