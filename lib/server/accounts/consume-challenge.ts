import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { type ChallengePurpose, takeChallenge } from "./challenge-store.ts";

/**
 * Uses a challenge up, whatever becomes of the request that answers it; throws `challenge_unknown` if it was not open. Durable, so that a crash cannot bring
 * a used challenge back.
 */
export async function consumeChallenge(services: Services, nonce: string, purpose: ChallengePurpose): Promise<void> {
  const now = services.clock.now();
  const isOpen = await transaction(services.db, (tx) => takeChallenge(tx, { nonce, purpose, now }));
  if (!isOpen) throw new ApiError("challenge_unknown");
}
