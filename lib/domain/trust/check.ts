import type { DeviceTrust } from "./device-trust.ts";

/** Share of checks that trusted devices do themselves: the floor that colluding checkers cannot lower. */
export const TRUSTED_CHECK_SHARE = 0.2;

/** Agreements a device needs before it checks others. */
const CHECKER_AGREED_MIN = 20;

/** Of the disagreements that quarantined newcomers report, the share that a trusted device settles; all of them would let a flood use it up. */
const NEWCOMER_ADJUDICATED_SHARE = 0.05;

export type Party = { trust: DeviceTrust; clusterId: string };

/** Who runs a check: the lot decides between a trusted device and an established independent one. */
export function chooseCheckerKind(draw: number): "trusted" | "established" {
  return draw < TRUSTED_CHECK_SHARE ? "trusted" : "established";
}

/** Whether a device has shown enough to check others. */
export function isEstablished(trust: DeviceTrust): boolean {
  return trust.stage === "active" && trust.agreed >= CHECKER_AGREED_MIN;
}

/** Whether a device may check a result of another: established, not found out, of another cluster. */
export function mayCheck(checker: Party, primary: Party): boolean {
  return isEstablished(checker.trust) && checker.clusterId !== primary.clusterId;
}

export type CheckReport = {
  /** Which device re-executed. */
  by: "trusted" | "established" | "newcomer";
  /** Whether both answers are equal under the job's comparison. */
  isEqual: boolean;
  /** The lot for adjudication of this shard's round. */
  draw: number;
};

export type CheckVerdict = "both_agreed" | "primary_refuted" | "adjudicate" | "newcomer_doubted";

/**
 * What a check has shown. Equal answers confirm both. A trusted device's different answer refutes the first one. Two untrusted devices that differ are never
 * believed against each other: a trusted device decides, except for most disagreements of newcomers, which cost the newcomer its agreements and nobody else.
 */
export function judgeCheck(report: CheckReport): CheckVerdict {
  if (report.isEqual) return "both_agreed";
  if (report.by === "trusted") return "primary_refuted";
  return report.by === "established" || report.draw < NEWCOMER_ADJUDICATED_SHARE ? "adjudicate" : "newcomer_doubted";
}
