import "server-only";
import type { ChallengePurpose } from "#lib/domain/account/challenge-purpose.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { takeChallenge } from "./challenge-store.ts";

/**
 * Uses a challenge up, whatever becomes of the request that answers it; throws `challenge_unknown` if it was not open. Durable, so that a crash cannot bring
 * a used challenge back. Answers with the account that it was made for, if it was for one.
 */
export async function consumeChallenge(services: Services, nonce: string, purpose: ChallengePurpose): Promise<{ subject: AccountId | null }> {
  const now = services.clock.now();
  const taken = await transaction(services.db, (tx) => takeChallenge(tx, { nonce, purpose, now }));
  if (!taken) throw new ApiError("challenge_unknown");
  return taken;
}
