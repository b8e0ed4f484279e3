import type { Verification, VerificationWish } from "../job/job.ts";
import { ASSURANCE_OFFERS, type AssuranceClass } from "./assurance.ts";

/**
 * Fills in what a submission left open. A quorum or a number of replicas of one's own is the class `instant`; without these and without a class it is
 * `defaultClass`. The other classes decide their replicas themselves; a wish that names both does not pass the schema.
 * With a verifier it is `instant` with one replica: what is accepted is final.
 */
export function resolveVerification(wish: VerificationWish, defaultClass: AssuranceClass): Verification {
  if (wish.verifier) return { assurance: "instant", quorum: 1, replicasMax: wish.replicasMax ?? ASSURANCE_OFFERS.instant.replicasMax, verifier: wish.verifier };
  const hasOwnCount = wish.quorum !== undefined || wish.replicasMax !== undefined;
  const assurance = wish.assurance ?? (hasOwnCount ? "instant" : defaultClass);
  const offer = ASSURANCE_OFFERS[assurance];
  const quorum = wish.quorum ?? Math.min(offer.quorum, wish.replicasMax ?? offer.quorum);
  return {
    assurance,
    quorum,
    replicasMax: wish.replicasMax ?? Math.max(quorum, offer.replicasMax),
    ...(wish.compare ? { compare: wish.compare } : {}),
  };
}
