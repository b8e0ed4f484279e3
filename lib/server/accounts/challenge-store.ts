import "server-only";
import type { Tx } from "../db/client.ts";

export type ChallengePurpose = "sign-in" | "device" | "link";

/** Keeps a challenge until somebody answers it. */
export async function insertChallenge(tx: Tx, challenge: { nonce: string; purpose: ChallengePurpose; expiresAt: Date }): Promise<void> {
  await tx`insert into challenges (nonce, purpose, expires_at) values (${challenge.nonce}, ${challenge.purpose}, ${challenge.expiresAt})`;
}

/** Uses a challenge up: of any number who present it at once, exactly one gets true, and only before it expires. */
export async function takeChallenge(tx: Tx, answer: { nonce: string; purpose: ChallengePurpose; now: Date }): Promise<boolean> {
  const [row] = await tx<{ expires_at: Date }[]>`delete from challenges where nonce = ${answer.nonce} and purpose = ${answer.purpose} returning expires_at`;
  return row !== undefined && row.expires_at > answer.now;
}
