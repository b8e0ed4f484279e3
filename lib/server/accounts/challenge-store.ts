import "server-only";
import type { ChallengePurpose } from "#lib/domain/account/challenge-purpose.ts";
import { type AccountId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../db/client.ts";

export type Challenge = { nonce: string; purpose: ChallengePurpose; expiresAt: Date; subject?: AccountId };

/** Keeps a challenge until somebody answers it. */
export async function insertChallenge(tx: Tx, { nonce, purpose, expiresAt, subject }: Challenge): Promise<void> {
  await tx`insert into challenges (nonce, purpose, expires_at, subject) values (${nonce}, ${purpose}, ${expiresAt}, ${subject ? uuidOf(subject) : null})`;
}

/** Uses a challenge up: of any number who present it at once, exactly one gets it, and only before it expires; the others get null. `subject` is the account it was made for. */
export async function takeChallenge(tx: Tx, answer: { nonce: string; purpose: ChallengePurpose; now: Date }): Promise<{ subject: AccountId | null } | null> {
  const [row] = await tx<{ expires_at: Date; subject: string | null }[]>`
    delete from challenges where nonce = ${answer.nonce} and purpose = ${answer.purpose} returning expires_at, subject`;
  if (row === undefined || row.expires_at <= answer.now) return null;
  return { subject: row.subject === null ? null : idOf("acc", row.subject) };
}
