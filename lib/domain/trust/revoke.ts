/** A result of a device that was found out, as the decision about it needs it. */
export type SuspectResult = {
  /** Final results are never taken back. */
  isFinal: boolean;
  /** Whether a trusted device itself computed the same; agreement of ordinary devices does not protect, for they may be accomplices. */
  isTrustedConfirmed: boolean;
  /** Clusters, other than the device's own and tainted ones, whose replicas agreed before the verdict. */
  independentWitnesses: number;
};

export type Revocation = "keep" | "verify" | "revoke";

/**
 * What happens to one result of a device that was found out: final ones and those a trusted device confirmed stay; those that enough others carry without
 * it stay; the rest is verified by a trusted device, or revoked and requeued at once where none has room. `witnessesMin` is the class's.
 */
export function decideRevocation(result: SuspectResult, context: { witnessesMin: number; hasTrustedRoom: boolean }): Revocation {
  if (result.isFinal || result.isTrustedConfirmed) return "keep";
  if (context.witnessesMin > 1 && result.independentWitnesses >= context.witnessesMin) return "keep";
  return context.hasTrustedRoom ? "verify" : "revoke";
}

/** Whether a report that arrives now counts at all: nothing of a burned device does, also not what was under way when it was found out. */
export function mayCount(stage: "active" | "watched" | "burned"): boolean {
  return stage !== "burned";
}

/**
 * A checker that trusted devices contradict: its own past checks are no evidence any more, so results that only it confirmed count as unchecked; they are not
 * revoked, because a wrong checker says nothing against those it checked. Verdicts that are final stay.
 */
export function recheckAfterBadChecker(check: { isFinal: boolean; isTrustedConfirmed: boolean; otherConfirmations: number }): boolean {
  return !check.isFinal && !check.isTrustedConfirmed && check.otherConfirmations === 0;
}
