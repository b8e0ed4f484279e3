import "server-only";
import { randomBytes } from "node:crypto";
import type { ChallengePurpose } from "#lib/domain/account/challenge-purpose.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import type { createChallenge as createChallengeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context, Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { insertChallenge } from "./challenge-store.ts";

type Endpoint = typeof createChallengeEndpoint;

const CHALLENGE_TTL_MS = 5 * 60_000;

/** A value to sign once, within five minutes. */
export async function createChallenge(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { nonce, expiresAt } = await makeChallenge(ctx, input.purpose);
  return { nonce, origin: ctx.config.origin, chainId: ctx.config.chain.id, expiresAt: expiresAt.toISOString() };
}

/** The same for a command that decides itself for which account it is. Hexadecimal, because EIP-4361 allows letters and digits only. */
export async function makeChallenge(services: Services, purpose: ChallengePurpose, subject?: AccountId): Promise<{ nonce: string; expiresAt: Date }> {
  const nonce = randomBytes(24).toString("hex");
  const expiresAt = new Date(services.clock.now().getTime() + CHALLENGE_TTL_MS);
  await transaction(services.db, (tx) => insertChallenge(tx, { nonce, purpose, expiresAt, ...(subject ? { subject } : {}) }), "relaxed");
  return { nonce, expiresAt };
}
