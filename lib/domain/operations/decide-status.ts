import type { IncidentKind } from "./incident.ts";

/** How an instance is to those who use it. `stopped` is an operator's decision and no fault. */
export const INSTANCE_STATUSES = ["up", "degraded", "down", "stopped"] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

/** What an instance stands on, as far as its users notice it. */
export const STATUS_PARTS = ["database", "background", "chain", "payouts"] as const;
export type StatusPart = (typeof STATUS_PARTS)[number];
/** `absent` where the instance has no such part. */
export type PartState = "ok" | "late" | "failed" | "absent";

/** A duty that has not ended well for this long, beyond its own rhythm, is late: a background process is gone or fails. */
const DUTY_LATE_MS = 120_000;
/** The chain is late when nobody has looked at it for this long. */
const CHAIN_LATE_MS = 300_000;

export type DutyRun = { doneAtMs: number | null; everyMs: number };

/** Whether the background work is done: every duty that ever ran ended well lately. None at all is late too. */
export function decideBackground(duties: readonly DutyRun[], nowMs: number): PartState {
  if (duties.length === 0) return "late";
  return duties.every(({ doneAtMs, everyMs }) => doneAtMs !== null && nowMs - doneAtMs <= everyMs + DUTY_LATE_MS) ? "ok" : "late";
}

/** Whether the chain is followed. `frozen` means that nothing is booked until an operator has looked. */
export function decideChain(chain: { followedAtMs: number | null; isFrozen: boolean } | null, nowMs: number): PartState {
  if (!chain) return "absent";
  if (chain.isFrozen) return "failed";
  return chain.followedAtMs !== null && nowMs - chain.followedAtMs <= CHAIN_LATE_MS ? "ok" : "late";
}

/** The state of a part that is made of several, such as one for each chain: the worst of theirs. */
export function worstOf(states: readonly PartState[]): PartState {
  return (["failed", "late", "ok", "absent"] as const).find((state) => states.includes(state)) ?? "absent";
}

/** Whether payouts come: the last epoch was cut within twice its rhythm and ten minutes, or there was nothing to pay yet (`cutAtMs` null). */
export function decidePayouts(epochs: { cutAtMs: number | null; everyMs: number; isBehind: boolean } | null, nowMs: number): PartState {
  if (!epochs) return "absent";
  if (epochs.cutAtMs === null || !epochs.isBehind) return "ok";
  return nowMs - epochs.cutAtMs <= 2 * epochs.everyMs + 600_000 ? "ok" : "late";
}

/** The whole from its parts, the incidents that are open, and whether an operator stopped it. The worst counts. */
export function decideStatus(now: { parts: Readonly<Record<StatusPart, PartState>>; incidents: readonly IncidentKind[]; isStopped: boolean }): InstanceStatus {
  const { parts, incidents, isStopped } = now;
  if (parts.database === "failed" || incidents.includes("down")) return "down";
  if (isStopped) return "stopped";
  const isWorse = Object.values(parts).some((state) => state === "late" || state === "failed") || incidents.includes("degraded");
  return isWorse ? "degraded" : "up";
}
