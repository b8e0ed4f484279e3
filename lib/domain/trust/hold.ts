import type { AssuranceRules } from "./assurance.ts";

/** What a verdict is worth: `provisional` until its window has closed, `final` from then on, `revoked` while another one is awaited. */
export const VERDICT_STATES = ["provisional", "final", "revoked"] as const;
export type VerdictState = (typeof VERDICT_STATES)[number];

/** The state of a shard: final is derived from its window, never written. `windowNo` null means final when it was accepted. */
export function verdictStateOf(shard: { verdict: "accepted" | "failed" | "open"; windowNo: number | null }, closedWindowNo: number): VerdictState {
  if (shard.verdict === "open") return "revoked";
  return shard.windowNo === null || shard.windowNo <= closedWindowNo ? "final" : "provisional";
}

/** How long results stay revocable: a window closes at this many results or after this time, whichever comes first, and never before the least time. */
export type HoldSettings = { windowResultsMax: number; windowMsMax: number; windowMsMin: number };

/** Production's hold. A demo instance has windows of seconds. */
export const HOLD: Readonly<HoldSettings> = { windowResultsMax: 1_000_000, windowMsMax: 7 * 24 * 3_600_000, windowMsMin: 3_600_000 };

/** Whether the window that takes new results ends now and the next one opens. */
export function mayEndWindow(window: { openedAt: number; results: number }, settings: HoldSettings, now: number): boolean {
  const ageMs = now - window.openedAt;
  if (ageMs < settings.windowMsMin) return false;
  return window.results >= settings.windowResultsMax || ageMs >= settings.windowMsMax;
}

/** Of the checks of a job in a window, the share that may be outstanding when the rest of its results there become final. */
const OUTSTANDING_SHARE_MAX = 0.1;

/**
 * Whether a job's results in a window wait for its checks that did not come in time. A few are left to wait alone; where more are missing, nobody has looked at the sample
 * that speaks for the others, and none of them may become final.
 */
export function mustWaitForChecks(checks: { drawn: number; done: number }): boolean {
  return checks.drawn > OUTSTANDING_SHARE_MAX * (checks.drawn + checks.done);
}

/** Windows that must have ended after a result's own before its own may close: results are final at the age of one to two windows. */
const WINDOWS_AFTER = 1;

/** What is between a result and being final; null when it is final. A class without a hold makes results final when they are accepted. */
export function holdOf(
  result: { windowNo: number; isRevoked: boolean; openChecks: number },
  now: { openWindowNo: number; isWindowClosed: boolean },
  rules: AssuranceRules,
): "revoked" | "window_open" | "check_open" | "window_not_closed" | null {
  if (result.isRevoked) return "revoked";
  if (!rules.hasHold) return null;
  if (now.openWindowNo - result.windowNo <= WINDOWS_AFTER) return "window_open";
  if (result.openChecks > 0) return "check_open";
  return now.isWindowClosed ? null : "window_not_closed";
}
